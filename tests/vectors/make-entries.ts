import { writeFileSync } from 'node:fs'
import { entryVectors } from '../helpers/entry-vectors.ts'

// Writes tests/vectors/entries anew, after a change of what FEDERATION.md says of entries: node dist/tests/vectors/make-entries.js
const { keys, at, documents, fork, trees } = entryVectors()
const write = (name: string, value: unknown) =>
  writeFileSync(`tests/vectors/entries/${name}.json`, `${JSON.stringify(value, undefined, 2)}\n`)
write('documents', { at, keys, documents, fork })
write('trees', trees)
