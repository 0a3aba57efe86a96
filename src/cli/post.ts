import { type Command, InvalidArgumentError, Option } from 'commander'
import { editPost, publishPost, withdrawPost } from '../actions/post.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { theCommunity } from '../db/community.ts'
import { saidTo } from '../db/mention.ts'
import { postById, threadOf } from '../db/post.ts'
import { handleOf } from '../domain/actor.ts'
import { communityIri } from '../domain/iri.ts'
import { type Post, VISIBILITIES, type Visibility } from '../domain/post.ts'
import { handlesIn, type Mentioned } from '../domain/post-text.ts'
import { Refusal } from '../domain/refusal.ts'
import { htmlToText } from '../lib/sanitise.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

type PostOptions = JsonOption & {
  replyTo?: string
  visibility?: Visibility
  warning?: string
  language?: string
  image: string[]
  alt: string[]
}

const MOST_SHOWN = 50

export function postCommands(program: Command): void {
  const post = jsonOption(program.command('post'))
    .description('publish a post to the followers and to those it mentions')
    .argument('<text>', 'what to say, in markdown; @somebody@their.server mentions them')
    .option('--reply-to <post>', 'the post it answers: its number here or its address')
    .addOption(new Option('--visibility <whom>', 'who may read it (default: public, or as what it answers)').choices([...VISIBILITIES]))
    .option('--warning <words>', 'what is read first, in front of the post')
    .option('--language <code>', 'such as en, es or pt-BR')
    .option('--image <file>', 'a picture to show with it; up to four times', gather, [])
    .option('--alt <words>', 'what the picture shows, for those who can’t see it; once for each --image, in the same order', gather, [])
    .action((text: string, options: PostOptions) => withNode(ctx => publish(ctx, text, options)))

  jsonOption(post.command('edit'))
    .description('put other words in the place of a post’s, here and wherever it was sent')
    .argument('<number>', 'which post', postNumber)
    .argument('<text>', 'the new words, in markdown')
    .action((id: number, text: string, _own: JsonOption, command: Command) =>
      withNode(async ctx => {
        const edited = editPost(ctx, id, text, { mentioned: await mentionsOf(ctx, text) })
        print(shown(ctx, edited), asJson(command), () => `Post ${id} says now: ${firstLine(edited)}`)
      }),
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

async function publish(ctx: Context, text: string, options: PostOptions): Promise<void> {
  theCommunity(ctx.db)
  const { replyTo, visibility, warning, language } = options
  const answered = replyTo === undefined ? undefined : await answeredPost(ctx, replyTo)
  const mentioned = await mentionsOf(ctx, text)
  const attachments = await picturesFrom(ctx, options)
  const post = publishPost(ctx, text, {
    mentioned,
    attachments,
    ...(answered ? { replyTo: answered } : {}),
    ...(visibility ? { visibility } : {}),
    ...(warning === undefined ? {} : { warning }),
    ...(language === undefined ? {} : { language }),
  })
  const { url, content, publishedAt: published } = post
  print(
    { id: post.id, ...shown(ctx, post), url, content, published },
    options.json,
    () => `Published as number ${post.id}, ${audience(post)}: ${firstLine(post)}\n${url}`,
  )
}

async function picturesFrom(ctx: Context, { image, alt }: PostOptions): Promise<number[]> {
  if (alt.length > image.length) throw new Refusal('invalid', 'There are more descriptions than pictures: give each --image its --alt.')
  if (image.length === 0) return []
  const { addPictureFile } = await import('./picture.ts')
  const kept: number[] = []
  for (const [at, file] of image.entries()) kept.push((await addPictureFile(ctx, file, alt[at])).id)
  return kept
}

async function answeredPost(ctx: Context, which: string): Promise<Post> {
  const [{ lookUpPost }, federation] = await Promise.all([import('../federation/lookup-post.ts'), federationOf(ctx)])
  return lookUpPost(federation, which)
}

async function mentionsOf(ctx: Context, text: string): Promise<Mentioned[]> {
  // Most posts name nobody, and are published without waiting for the parts that ask others.
  if (handlesIn(text).length === 0) return []
  const [{ resolveMentions }, federation] = await Promise.all([import('../federation/mention.ts'), federationOf(ctx)])
  const { mentioned, missing } = await resolveMentions(federation, text)
  for (const handle of missing) say(`${handle} was not found and stays text.`)
  return mentioned
}

async function federationOf(ctx: Context) {
  return (await import('../federation/federation.ts')).createFederation(ctx)
}

function shown({ db, config }: Context, { id, author, visibility, content, summary, inReplyTo, url, publishedAt, local }: Post) {
  const actor = actorOf(db, author)
  const address = local ? handleOf({ handle: theCommunity(db).handle, host: config.host }) : actor ? handleOf(actor) : author
  return { number: id, address, author, visibility, warning: summary, text: htmlToText(content), inReplyTo, url, published: publishedAt }
}

type Shown = ReturnType<typeof shown>

function row({ number, address, visibility, text, published }: Shown, depth: number): string[] {
  return [String(number), day(published), visibility, `${'  '.repeat(depth)}${address}`, text.replace(/\s+/g, ' ').slice(0, 120)]
}

function audience({ visibility }: Post): string {
  if (visibility === 'direct') return 'only for those it names'
  return visibility === 'followers' ? 'for followers' : visibility === 'unlisted' ? 'for everybody, quietly' : 'for everybody'
}

const gather = (value: string, before: string[]) => [...before, value]
// `post` has the same option, and takes it for its own wherever it stands.
const asJson = (command: Command) => command.optsWithGlobals<JsonOption>().json
const firstLine = (post: Post) => htmlToText(post.content).split('\n')[0] ?? ''

function postNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('A post is named by its number.')
  return Number(text)
}
