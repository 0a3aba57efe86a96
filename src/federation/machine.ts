import type { Readable } from 'node:stream'
import { noteBackup } from '../actions/backup.ts'
import { noteExport } from '../actions/end.ts'
import { claimFormerAddress, moveCommunity } from '../actions/move.ts'
import { type Backups, createBackups } from '../db/backup-folder.ts'
import { theCommunity } from '../db/community.ts'
import type { PersonCounts } from '../db/person.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { zipOf } from '../lib/zip.ts'
import { wasOnce } from './activities/actor.ts'
import { farewell } from './farewell.ts'
import type { Federation } from './federation.ts'
import { forgetPerson } from './forget-person.ts'
import { lookUp, lookUpDocument } from './lookup.ts'
import { takeout } from './takeout.ts'

/** What a steward can have the whole node do. Each throws a Refusal that says for a person what was wrong. */
export type Works = {
  backups: Backups
  takeout(withPrivate: boolean): Readable
  moveTo(who: string): Promise<string>
  moveFrom(who: string): Promise<string>
  erasePerson(who: string): PersonCounts
  endCommunity(typed: string): void
}

export function createWorks(federation: Federation): Works {
  const { ctx } = federation
  return {
    backups: createBackups(ctx.db, ctx.now, made => noteBackup(ctx, made)),
    takeout(withPrivate) {
      const files = takeout(federation, withPrivate)
      noteExport(ctx, withPrivate)
      return zipOf(files)
    },
    moveTo: who => moveTo(federation, who),
    moveFrom: who => moveFrom(federation, who),
    erasePerson: who => forgetPerson(federation, who),
    endCommunity: typed => farewell(federation, typed),
  }
}

/** The community has become another actor, which must say so too. @returns its id */
export async function moveTo(federation: Federation, who: string): Promise<string> {
  const me = communityIri(federation.ctx.config.publicUrl, theCommunity(federation.ctx.db).handle)
  const { actor, document } = await lookUpDocument(federation, who)
  if (!wasOnce(document, me))
    throw new Refusal(
      'conflict',
      `${who} does not say that it used to be this community. At the new node first: npx archipelago move from ${me}`,
      [],
      { code: 'notFormer', who, me },
    )
  moveCommunity(federation.ctx, actor.id)
  return actor.id
}

/** The community used to be another actor. @returns its id */
export async function moveFrom(federation: Federation, who: string): Promise<string> {
  const { id } = await lookUp(federation, who)
  claimFormerAddress(federation.ctx, id)
  return id
}
