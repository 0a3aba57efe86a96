import { writeFileSync } from 'node:fs'
import { entryVectors } from '../tests/helpers/entry-vectors.ts'

// Writes tests/vectors/entries anew, after a change of what FEDERATION.md says of entries: node dist/scripts/entry-vectors.js
const { keys, at, documents, fork, trees } = entryVectors()
const write = (name: string, value: unknown) =>
  writeFileSync(`tests/vectors/entries/${name}.json`, `${JSON.stringify(value, undefined, 2)}\n`)
write('documents', { at, keys, documents, fork })
write('trees', trees)
