export type Reason = 'invalid' | 'forbidden' | 'missing' | 'conflict' | 'unavailable'

/** One thing that is wrong with what was given: where it stands, in plain words, and what is wrong there. */
export type Problem = { path: string; message: string }

/** What a refusal says, for an edge that speaks other languages too: which sentence it is, and what is put into it. */
export type Phrase = { readonly code: string; readonly [parameter: string]: string | number }

/**
 * The one error an edge may show to a person; its message is written for them, in English. Anything else thrown is a bug.
 * `problems` lists every fault of a form or file at once; with a `phrase` it can be said in the language of the reader.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly reason: Reason
  readonly problems: readonly Problem[]
  readonly phrase: Phrase | undefined
  constructor(reason: Reason, message: string, problems: readonly Problem[] = [], phrase?: Phrase) {
    super(message)
    this.reason = reason
    this.problems = problems
    this.phrase = phrase
  }
}
