import { readFileSync } from 'node:fs'
import { Refusal } from '../domain/refusal.ts'

/** What stands in a file that was named. @throws Refusal when it can't be read */
export function readFile(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    throw new Refusal('missing', `The file ${file} can’t be read. Is the name right?`)
  }
}
