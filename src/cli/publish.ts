import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { askQuestion, publishArticle, publishEvent } from '../actions/post-kind.ts'
import type { Post } from '../domain/post.ts'
import { Refusal } from '../domain/refusal.ts'
import { print } from './output.ts'
import { draftFrom, gather, type PostOptions, postOptions } from './post-options.ts'
import { jsonOption, withNode } from './run.ts'

export function publishCommands(program: Command): void {
  postOptions(jsonOption(program.command('article')))
    .description('publish a longer text with a title')
    .argument('<file|text>', 'a file of markdown, or the text itself')
    .requiredOption('--title <words>', 'its title')
    .action((given: string, options: PostOptions & { title: string }) =>
      withNode(async ctx => {
        const text = textOf(given)
        told(publishArticle(ctx, { title: options.title, text }, await draftFrom(ctx, text, options)), options)
      }),
    )

  postOptions(jsonOption(program.command('event')))
    .description('announce an event')
    .requiredOption('--title <words>', 'what it is called')
    .requiredOption('--starts <time>', 'with its time zone: 2027-05-01T18:00+02:00')
    .requiredOption('--ends <time>', 'likewise')
    .requiredOption('--place <words>', 'where it is')
    .option('--text <markdown>', 'more about it')
    .action((options: PostOptions & { title: string; starts: string; ends: string; place: string; text?: string }) =>
      withNode(async ctx => told(publishEvent(ctx, options, await draftFrom(ctx, options.text ?? '', options)), options)),
    )

  postOptions(jsonOption(program.command('ask')))
    .description('ask a question that anybody can vote on')
    .argument('<question>', 'in markdown')
    .requiredOption('--option <answer>', 'one of the answers; give two to twelve', gather, [])
    .option('--multiple', 'more than one answer may be chosen')
    .requiredOption('--closes <when>', 'a time such as 2027-05-01T18:00+02:00, or how long from now: 30m, 12h, 3d')
    .action((question: string, options: PostOptions & { option: string[]; multiple?: boolean; closes: string }) =>
      withNode(async ctx => {
        const { option, multiple, closes } = options
        told(askQuestion(ctx, { question, options: option, multiple, closes }, await draftFrom(ctx, question, options)), options)
      }),
    )
}

function told({ id, type, url, name, content, details, publishedAt }: Post, { json }: { json?: boolean | undefined }): void {
  const words = {
    Article: 'The article is published',
    Event: 'The event is announced',
    Question: 'The question is asked',
    Note: 'Published',
  }
  print(
    { id, number: id, type, url, name, content, ...details, published: publishedAt },
    json,
    () => `${words[type]} as number ${id}.\n${url}`,
  )
}

/** A file if there is one of this name, else the words themselves. */
export function textOf(given: string): string {
  const named = !given.includes('\n') && given.length < 1024
  try {
    if (named) return readFileSync(given, 'utf8')
  } catch {
    // One word with an ending was meant to be a file.
    if (/^\S+\.(md|markdown|txt)$/i.test(given)) throw new Refusal('missing', `The file ${given} can’t be read. Is the name right?`)
  }
  return given
}
