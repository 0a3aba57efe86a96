import { type Command, Option } from 'commander'
import type { Draft } from '../actions/post.ts'
import type { Context } from '../context.ts'
import { theCommunity } from '../db/community.ts'
import { VISIBILITIES, type Visibility } from '../domain/post.ts'
import { handlesIn, type Mentioned } from '../domain/post-text.ts'
import { Refusal } from '../domain/refusal.ts'
import { say } from './output.ts'
import type { JsonOption } from './run.ts'

export type WordOptions = JsonOption & { warning?: string; sensitive?: boolean; language?: string; image: string[]; alt: string[] }
export type PostOptions = WordOptions & { visibility?: Visibility }

/** What can be said of every post, new or changed. */
export function wordOptions(command: Command): Command {
  return command
    .option('--warning <words>', 'what is read first, in front of the post')
    .option('--sensitive', 'cover its pictures until somebody wants to see them')
    .option('--language <code>', 'such as en, es or pt-BR')
    .option('--image <file>', 'a picture to show with it; up to four times', gather, [])
    .option('--alt <words>', 'what the picture shows, for those who can’t see it; once for each --image, in the same order', gather, [])
}

/** What can be said of every new post. */
export function postOptions(command: Command): Command {
  const whom = new Option('--visibility <whom>', 'who may read it (default: public, or as what it answers)').choices([...VISIBILITIES])
  return wordOptions(command.addOption(whom))
}

/** The same as `publishPost` takes it: whom the text names is looked up, the pictures are kept. */
export async function draftFrom(ctx: Context, text: string, options: PostOptions) {
  theCommunity(ctx.db)
  const { visibility } = options
  return { ...(await wordsFrom(ctx, text, options)), ...(visibility ? { visibility } : {}) } satisfies Draft
}

export async function wordsFrom(ctx: Context, text: string, options: WordOptions) {
  const { warning, sensitive, language } = options
  const mentioned = await mentionsOf(ctx, text)
  const attachments = await picturesFrom(ctx, options)
  return {
    mentioned,
    ...(attachments ? { attachments } : {}),
    ...(warning === undefined ? {} : { warning }),
    ...(sensitive === undefined ? {} : { sensitive }),
    ...(language === undefined ? {} : { language }),
  }
}

export const gather = (value: string, before: string[]) => [...before, value]

async function picturesFrom(ctx: Context, { image, alt }: WordOptions): Promise<number[] | undefined> {
  if (alt.length > image.length) throw new Refusal('invalid', 'There are more descriptions than pictures: give each --image its --alt.')
  if (image.length === 0) return undefined
  const { addPictureFile } = await import('./picture.ts')
  const kept: number[] = []
  for (const [at, file] of image.entries()) kept.push((await addPictureFile(ctx, file, alt[at])).id)
  return kept
}

async function mentionsOf(ctx: Context, text: string): Promise<Mentioned[]> {
  // Most posts name nobody, and are published without waiting for the parts that ask others.
  if (handlesIn(text).length === 0) return []
  const [{ resolveMentions }, federation] = await Promise.all([import('../federation/mention.ts'), federationOf(ctx)])
  const { mentioned, missing } = await resolveMentions(federation, text)
  for (const handle of missing) say(`${handle} was not found and stays text.`)
  return mentioned
}

export async function federationOf(ctx: Context) {
  return (await import('../federation/federation.ts')).createFederation(ctx)
}
