import type { Context } from '../context.ts'
import { localCommunity, theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { attachmentsOf } from '../db/media.ts'
import { transact } from '../db/open.ts'
import { postById, postByIri } from '../db/post.ts'
import { addVote, lastCount, openQuestions, saveDetails, votesOf } from '../db/vote.ts'
import { communityIri } from '../domain/iri.ts'
import type { HeardPost, Post } from '../domain/post.ts'
import { asksOtherwise, chosenOptions, isClosed } from '../domain/post-kind.ts'
import { Refusal } from '../domain/refusal.ts'
import { saysOtherwise, wantedMedia } from './neighbour.ts'
import { noticeOwnPoll } from './notice.ts'

/** Followers hear of new counts at most this often. */
const TELL_EVERY_MS = 60_000

/**
 * Somebody votes on a question of the community: once, or once for each option where several may be chosen.
 * @param option its name @returns why the vote does not count, if it does not
 */
export function hearVote(ctx: Context, actor: string, questionIri: string, option: string): string | undefined {
  return transact(ctx.db, tx => {
    const question = postByIri(tx, questionIri)
    if (!question?.local || question.type !== 'Question' || question.deletedAt || !question.details) return 'about no question of ours'
    const { details } = question
    if (isClosed(details, ctx.now())) return 'the question is closed'
    const options = details.options ?? []
    const at = options.findIndex(({ name }) => name === option.normalize('NFC').trim())
    if (at < 0) return 'not an option'
    const before = votesOf(tx, question.id, actor)
    if (before.includes(at) || (before.length > 0 && !details.multiple)) return 'voted before'
    addVote(tx, { post: question.id, actor, option: at })
    saveDetails(tx, question.id, {
      ...details,
      options: options.map((one, n) => (n === at ? { ...one, votes: one.votes + 1 } : one)),
      voters: (details.voters ?? 0) + (before.length === 0 ? 1 : 0),
    })
    return undefined
  })
}

/**
 * A kept question of somebody else stands otherwise than before, in the same words: that is no edit.
 * @returns false when it is no such question of this author, or more than its counts has changed
 */
export function hearCounts(ctx: Context, news: HeardPost): boolean {
  return transact(ctx.db, tx => {
    const kept = postByIri(tx, news.iri)
    if (!kept || kept.local || kept.deletedAt || kept.author !== news.author || kept.type !== 'Question' || news.type !== 'Question')
      return false
    const said = { ...news, attachments: wantedMedia(tx, news) }
    const edited = saysOtherwise(kept, said, attachmentsOf(tx, kept.id)) || asksOtherwise(kept.details, news.details)
    if (edited || !news.details) return false
    saveDetails(tx, kept.id, news.details)
    return true
  })
}

/**
 * Closes the community's questions whose time has come, and says of the others how they stand if that has changed, at most once a
 * minute. What was told is read off the event log, so a restart neither forgets nor repeats.
 * @returns how many questions there was something to say about
 */
export function tallyQuestions(ctx: Context): number {
  const community = localCommunity(ctx.db)
  if (!community) return 0
  const me = communityIri(ctx.config.publicUrl, community.handle)
  const now = ctx.now()
  const due = (question: Post) => isClosed(question.details ?? {}, now) || isNews(ctx, question, now)
  if (!openQuestions(ctx.db, me).some(due)) return 0
  return transact(ctx.db, tx => {
    const questions = openQuestions(tx, me).filter(due)
    for (const { id, details } of questions) {
      const closes = isClosed(details!, now)
      if (closes) saveDetails(tx, id, { ...details, closedAt: details!.closesAt ?? now.toISOString() })
      if (closes) noticeOwnPoll(ctx, tx, id)
      const { voters, votes } = countOf(details)
      record(tx, { kind: 'question.counted', subject: String(id), at: now, data: { voters: String(voters), votes: String(votes) } })
    }
    return questions.length
  })
}

function isNews({ db }: Context, { id, details }: Post, now: Date): boolean {
  const told = lastCount(db, id)
  const { voters, votes } = countOf(details)
  if (told && now.getTime() - told.at.getTime() < TELL_EVERY_MS) return false
  return voters !== (told?.voters ?? 0) || votes !== (told?.votes ?? 0)
}

function countOf(details: Post['details']): { voters: number; votes: number } {
  return { voters: details?.voters ?? 0, votes: (details?.options ?? []).reduce((sum, option) => sum + option.votes, 0) }
}

/**
 * Votes on somebody else's question.
 * @param id number of the kept post @param chosen names of options, or their numbers from 1
 * @returns the names of the options
 * @throws Refusal when there is no such question, it is closed, was voted on before, or an option does not exist
 */
export function castVote(ctx: Context, id: number, chosen: readonly string[]): { question: Post; options: string[] } {
  return transact(ctx.db, tx => {
    const { handle } = theCommunity(tx)
    const question = postById(tx, id)
    if (!question || question.deletedAt || question.type !== 'Question' || !question.details)
      throw new Refusal('missing', `There is no question numbered ${id}. npx archipelago question lists them.`)
    if (question.local) throw new Refusal('invalid', 'That is this community’s own question; it can’t vote on it.')
    if (isClosed(question.details, ctx.now())) throw new Refusal('conflict', 'This question is closed.')
    const me = communityIri(ctx.config.publicUrl, handle)
    if (votesOf(tx, id, me).length > 0) throw new Refusal('conflict', 'This community has voted on this question already.')
    const numbers = chosenOptions(question.details, chosen)
    for (const option of numbers) addVote(tx, { post: id, actor: me, option })
    const options = numbers.map(at => question.details!.options![at]!.name)
    // Until its author tells how it stands.
    saveDetails(tx, id, {
      ...question.details,
      options: question.details.options!.map((one, at) => (numbers.includes(at) ? { ...one, votes: one.votes + 1 } : one)),
      ...(question.details.voters === undefined ? {} : { voters: question.details.voters + 1 }),
    })
    record(tx, { kind: 'question.voted', subject: String(id), at: ctx.now(), data: { options: JSON.stringify(options) } })
    return { question, options }
  })
}
