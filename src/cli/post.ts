import { type Command, InvalidArgumentError } from 'commander'
import { editPost, publishPost, withdrawPost } from '../actions/post.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { theCommunity } from '../db/community.ts'
import { saidTo } from '../db/mention.ts'
import { postById, threadOf } from '../db/post.ts'
import { handleOf } from '../domain/actor.ts'
import { communityIri } from '../domain/iri.ts'
import type { Post } from '../domain/post.ts'
import type { KindChange } from '../domain/post-kind.ts'
import { Refusal } from '../domain/refusal.ts'
import { htmlToText } from '../lib/sanitise.ts'
import { day, print, say, table } from './output.ts'
import { draftFrom, federationOf, gather, type PostOptions, postOptions, wordOptions, wordsFrom } from './post-options.ts'
import { textOf } from './publish.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

type NewOptions = PostOptions & { replyTo?: string }
type EditOptions = NewOptions & Omit<KindChange, 'options'> & { option: string[] }

const MOST_SHOWN = 50

export function postCommands(program: Command): void {
  const post = postOptions(jsonOption(program.command('post')))
    .description('publish a post to the followers and to those it mentions')
    .argument('<text>', 'what to say, in markdown; @somebody@their.server mentions them')
    .option('--reply-to <post>', 'the post it answers: its number here or its address')
    .action((text: string, options: NewOptions) => withNode(ctx => publish(ctx, text, options)))

  wordOptions(jsonOption(post.command('edit')))
    .description('put other words, or other pictures, in the place of a post’s, here and wherever it was sent; what is not given stays')
    .argument('<number>', 'which post', postNumber)
    .argument('[text]', 'the new words, in markdown; of an article also a file of them')
    .option('--title <words>', 'of an article or an event')
    .option('--starts <time>', 'of an event, with its time zone: 2027-05-01T18:00+02:00')
    .option('--ends <time>', 'likewise')
    .option('--place <words>', 'where an event is')
    .option('--option <answer>', 'one of the answers to a question; give all of them: the votes so far are gone', gather, [])
    .option('--multiple', 'more than one answer may be chosen')
    .option('--no-multiple', 'only one answer may be chosen')
    .option('--closes <when>', 'until when a question takes votes: a time, or how long from now')
    .action((id: number, text: string | undefined, _own: JsonOption, command: Command) =>
      withNode(ctx => edit(ctx, id, text, command.optsWithGlobals<EditOptions>())),
    )
  jsonOption(post.command('delete'))
    .description('take a post back, here and wherever it was sent')
    .argument('<number>', 'which post', postNumber)
    .action((id: number, _own: JsonOption, command: Command) =>
      withNode(ctx => {
        withdrawPost(ctx, id)
        print({ number: id }, asJson(command), () => `Post ${id} is deleted. Those who got it are told.`)
      }),
    )

  jsonOption(program.command('mentions'))
    .description('what others said to the community: mentions and replies, newest first')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const me = communityIri(ctx.config.publicUrl, theCommunity(ctx.db).handle)
        const said = saidTo(ctx.db, me, MOST_SHOWN).map(one => shown(ctx, one))
        print(said, options.json, () => table(said.map(one => row(one, 0))))
        if (said.length === 0 && !options.json) say('Nobody has said anything to this community yet.')
      }),
    )
  jsonOption(program.command('thread'))
    .description('a whole conversation, as far as it is here: what came before a post, and what was said to it')
    .argument('<number>', 'a post of it', postNumber)
    .action((id: number, options: JsonOption) =>
      withNode(ctx => {
        const middle = postById(ctx.db, id)
        if (!middle || middle.deletedAt) throw new Refusal('missing', `There is no post numbered ${id}.`)
        const { before, after } = threadOf(ctx.db, middle, MOST_SHOWN, false)
        const line = [...before.map((one, at) => ({ post: one, depth: at })), { post: middle, depth: before.length }]
        const all = [...line, ...after.map(({ post, depth }) => ({ post, depth: before.length + depth }))]
        const data = all.map(({ post, depth }) => ({ ...shown(ctx, post), depth }))
        print(data, options.json, () => table(data.map(one => row(one, one.depth))))
      }),
    )
}

async function publish(ctx: Context, text: string, options: NewOptions): Promise<void> {
  const { replyTo } = options
  const draft = await draftFrom(ctx, text, options)
  const answered = replyTo === undefined ? {} : { replyTo: await answeredPost(ctx, replyTo) }
  const post = publishPost(ctx, text, { ...draft, ...answered })
  const { url, content, publishedAt: published } = post
  print(
    { id: post.id, ...shown(ctx, post), url, content, published },
    options.json,
    () => `Published as number ${post.id}, ${audience(post)}: ${firstLine(post)}\n${url}`,
  )
}

async function edit(ctx: Context, id: number, given: string | undefined, options: EditOptions): Promise<void> {
  const { title, starts, ends, place, option, multiple, closes, visibility, replyTo, json } = options
  if (visibility ?? replyTo)
    throw new Refusal('invalid', 'Who may read a post and what it answers stay as they are: delete it and publish another.')
  const post = postById(ctx.db, id)
  const text = given === undefined ? (post?.source ?? '') : post?.type === 'Article' ? textOf(given) : given
  const parts = { title, starts, ends, place, multiple, closes, ...(option.length > 0 ? { options: option } : {}) }
  const said = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
  const edited = editPost(ctx, id, text, { ...said, ...(await wordsFrom(ctx, given === undefined ? '' : text, options)) })
  print(shown(ctx, edited), json, () => `Post ${id} says now: ${edited.name ?? firstLine(edited)}`)
}

async function answeredPost(ctx: Context, which: string): Promise<Post> {
  const [{ lookUpPost }, federation] = await Promise.all([import('../federation/lookup-post.ts'), federationOf(ctx)])
  return lookUpPost(federation, which)
}

function shown({ db, config }: Context, post: Post) {
  const { id, author, type, name, visibility, content, summary, inReplyTo, url, publishedAt, local, details } = post
  const actor = actorOf(db, author)
  const address = local ? handleOf({ handle: theCommunity(db).handle, host: config.host }) : actor ? handleOf(actor) : author
  const words = { type, title: name, warning: summary, text: htmlToText(content), ...details }
  return { number: id, address, author, visibility, ...words, inReplyTo, url, published: publishedAt }
}

type Shown = ReturnType<typeof shown>

function row({ number, address, visibility, text, published }: Shown, depth: number): string[] {
  return [String(number), day(published), visibility, `${'  '.repeat(depth)}${address}`, text.replace(/\s+/g, ' ').slice(0, 120)]
}

function audience({ visibility }: Post): string {
  if (visibility === 'direct') return 'only for those it names'
  return visibility === 'followers' ? 'for followers' : visibility === 'unlisted' ? 'for everybody, quietly' : 'for everybody'
}

// `post` has the same option, and takes it for its own wherever it stands.
const asJson = (command: Command) => command.optsWithGlobals<JsonOption>().json
const firstLine = (post: Post) => htmlToText(post.content).split('\n')[0] ?? ''

function postNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('A post is named by its number.')
  return Number(text)
}
