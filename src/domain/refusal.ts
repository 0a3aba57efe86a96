export type Reason = 'invalid' | 'forbidden' | 'missing' | 'conflict' | 'unavailable'

/** One thing that is wrong with what was given: where it stands, in plain words, and what is wrong there. */
export type Problem = { path: string; message: string }

/**
 * The one error an edge may show to a person; its message is written for them. Anything else thrown is a bug.
 * `problems` lists every fault of a form or file at once.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly reason: Reason
  readonly problems: readonly Problem[]
  constructor(reason: Reason, message: string, problems: readonly Problem[] = []) {
    super(message)
    this.reason = reason
    this.problems = problems
  }
}
