import { type Command, InvalidArgumentError } from 'commander'
import { pinPost, unpinPost } from '../actions/pin.ts'
import { castVote } from '../actions/question.ts'
import { react, takeReactionBack } from '../actions/reaction.ts'
import { actorOf } from '../db/actor.ts'
import { theCommunity } from '../db/community.ts'
import { postById } from '../db/post.ts'
import { allQuestions } from '../db/vote.ts'
import { handleOf } from '../domain/actor.ts'
import type { Post } from '../domain/post.ts'
import { isClosed } from '../domain/post-kind.ts'
import { Refusal } from '../domain/refusal.ts'
import { htmlToText } from '../lib/sanitise.ts'
import { counted } from '../lib/text.ts'
import { print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'

const MOST_SHOWN = 50

/** What the steward does with posts that are there: likes, boosts, pins, votes. */
export function reactionCommands(program: Command): void {
  for (const kind of ['like', 'boost'] as const) {
    jsonOption(program.command(kind))
      .description(kind === 'like' ? 'tell the author of a post that the community likes it' : 'show a post to the followers')
      .argument('<post>', 'its number here or its address')
      .action((what: string, options: JsonOption) =>
        withFederation(async federation => {
          theCommunity(federation.ctx.db)
          const { lookUpPost } = await import('../federation/lookup-post.ts')
          const post = react(federation.ctx, (await lookUpPost(federation, what)).id, kind)
          print(about(post), options.json, () => `${kind === 'like' ? 'Liked' : 'Boosted'}: ${firstLine(post)}\n${post.url}`)
        }),
      )
    jsonOption(program.command(`un${kind}`))
      .description(kind === 'like' ? 'take a like back' : 'take a boost back')
      .argument('<post>', 'its number here or its address')
      .action((what: string, options: JsonOption) =>
        withFederation(async federation => {
          const { lookUpPost } = await import('../federation/lookup-post.ts')
          const post = takeReactionBack(federation.ctx, (await lookUpPost(federation, what)).id, kind)
          print(about(post), options.json, () => `Not ${kind === 'like' ? 'liked' : 'boosted'} any more: ${firstLine(post)}`)
        }),
      )
  }

  jsonOption(program.command('pin'))
    .description('put a post of the community where visitors see it first; five at most')
    .argument('<number>', 'which post', postNumber)
    .action((id: number, options: JsonOption) =>
      withNode(ctx => {
        const post = pinPost(ctx, id)
        print(about(post), options.json, () => `Pinned: ${firstLine(post)}`)
      }),
    )
  jsonOption(program.command('unpin'))
    .description('let a post stand in its place again')
    .argument('<number>', 'which post', postNumber)
    .action((id: number, options: JsonOption) =>
      withNode(ctx => {
        const post = unpinPost(ctx, id)
        print(about(post), options.json, () => `Not pinned any more: ${firstLine(post)}`)
      }),
    )

  jsonOption(program.command('vote'))
    .description('vote on a question of somebody else')
    .argument('<number>', 'which question', postNumber)
    .argument('<option...>', 'the answer, in its own words or by its number from 1')
    .action((id: number, chosen: string[], options: JsonOption) =>
      withNode(ctx => {
        const vote = castVote(ctx, id, chosen)
        print(
          { number: id, question: vote.question.iri, options: vote.options },
          options.json,
          () => `Voted: ${vote.options.join(', ')}. The running node sends it.`,
        )
      }),
    )

  jsonOption(program.command('question'))
    .description('show how a question stands; without a number, list all that are here')
    .argument('[number]', 'which question', postNumber)
    .action((id: number | undefined, options: JsonOption) =>
      withNode(ctx => {
        theCommunity(ctx.db)
        const asker = ({ local, author }: Post) => {
          const actor = local ? undefined : actorOf(ctx.db, author)
          return local ? 'this community' : actor ? handleOf(actor) : author
        }
        const stand = (post: Post) => {
          const { options: answers = [], multiple = false, closesAt = null, voters } = post.details ?? {}
          const closed = isClosed(post.details ?? {}, ctx.now())
          return { ...about(post), asker: asker(post), multiple, closed, closesAt, voters: voters ?? null, options: answers }
        }
        if (id === undefined) {
          const all = allQuestions(ctx.db, MOST_SHOWN).map(stand)
          print(all, options.json, () =>
            table(all.map(one => [String(one.number), one.closed ? 'closed' : 'open', one.asker, one.text.slice(0, 100)])),
          )
          if (all.length === 0 && !options.json) say('No question is here yet. npx archipelago ask QUESTION asks one.')
          return
        }
        const post = postById(ctx.db, id)
        if (post?.type !== 'Question' || post.deletedAt) throw new Refusal('missing', `There is no question numbered ${id}.`)
        const question = stand(post)
        print(question, options.json, () => standWords(question))
      }),
    )
}

type Standing = { text: string; closed: boolean; closesAt: string | null; options: { name: string; votes: number }[] }

function standWords({ text, closed, closesAt, options }: Standing): string {
  const end = closed ? 'closed' : closesAt ? `open until ${closesAt.slice(0, 16).replace('T', ' ')} UTC` : 'open'
  return `${text}\n${table(options.map(({ name, votes }, at) => [String(at + 1), counted(votes, 'vote', 'votes'), name]))}\n${end}`
}

function about(post: Post) {
  return { number: post.id, post: post.iri, url: post.url, author: post.author, text: firstLine(post) }
}

const firstLine = ({ name, content }: Post) => name ?? htmlToText(content).split('\n')[0] ?? ''

function postNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('A post is named by its number.')
  return Number(text)
}
