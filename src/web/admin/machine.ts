import type { Readable } from 'node:stream'
import type { Backups } from '../../db/backup-folder.ts'
import type { PersonCounts } from '../../db/person.ts'
import type { JobReport } from '../../lib/job-log.ts'
import type { Troubles } from '../../lib/troubles.ts'

/** The running node as its stewards see it, and what only the whole of it can do. Each act throws a Refusal with words for a person. */
export type Machine = {
  startedAt: Date
  jobs(): JobReport[]
  troubles: Troubles
  backups: Backups
  /** Everything of the community as one archive (ZIP). */
  takeout(withPrivate: boolean): Readable
  /** The community has become another actor. @returns its id */
  moveTo(who: string): Promise<string>
  /** The community used to be another actor. @returns its id */
  moveFrom(who: string): Promise<string>
  /** @returns what there was of somebody */
  erasePerson(who: string): PersonCounts
  endCommunity(typed: string): void
}
