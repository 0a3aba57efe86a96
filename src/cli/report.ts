import { type Command, InvalidArgumentError } from 'commander'
import { closeReport, fileReport } from '../actions/report.ts'
import { actorOf } from '../db/actor.ts'
import { theCommunity } from '../db/community.ts'
import type { Db } from '../db/open.ts'
import { postById } from '../db/post.ts'
import { allReports } from '../db/report.ts'
import { handleOf } from '../domain/actor.ts'
import { nodeIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Report } from '../domain/report.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'
import { findActor } from './who.ts'

export function reportCommands(program: Command): void {
  jsonOption(program.command('report'))
    .description('complain of somebody to those who run their server; your node says it, not your community')
    .argument('<who>', 'a handle such as @brookfarm@example.org, or an address')
    .argument('<text...>', 'what is wrong')
    .option('--post <which>', 'a post of theirs, by its address or its number here; may be repeated', collect, [])
    .action((who: string, text: string[], options: JsonOption & { post: string[] }) =>
      withFederation(async federation => {
        const { ctx } = federation
        theCommunity(ctx.db)
        const actor = await findActor(federation, who)
        const posts = options.post.map(which => postNamed(ctx.db, which))
        const { id } = fileReport(ctx, actor.id, posts, text.join(' '))
        const address = handleOf(actor)
        print(
          { number: id, address, actor: actor.id, posts },
          options.json,
          () => `Report ${id} on ${address} is filed. The running node sends it to those who run ${actor.host}.`,
        )
      }),
    )

  const reports = program.command('reports').description('complaints about this community, and its own about others')
  jsonOption(reports.command('list', { isDefault: true }))
    .description('list those that are open')
    .option('--all', 'closed ones too')
    .action((options: JsonOption & { all?: boolean }) =>
      withNode(ctx => {
        const own = nodeIri(ctx.config.publicUrl)
        const data = allReports(ctx.db, { closed: options.all === true }).map(report => ({
          number: report.id,
          ours: report.reporter === own,
          reporter: named(ctx.db, report.reporter),
          about: named(ctx.db, report.target),
          at: report.at,
          closedAt: report.closedAt,
          comment: report.comment,
          posts: report.posts,
        }))
        print(data, options.json, () => table(data.map(row)))
        if (data.length === 0 && !options.json) say(options.all ? 'There are no reports.' : 'There are no open reports.')
      }),
    )
  jsonOption(reports.command('close'))
    .description('you have dealt with a report')
    .argument('<number>', 'as listed', toNumber)
    .action((number: number, options: JsonOption) =>
      withNode(ctx => {
        closeReport(ctx, number)
        print({ number }, options.json, () => `Report ${number} is closed.`)
      }),
    )
}

type Row = Pick<Report, 'at' | 'closedAt' | 'comment' | 'posts'> & { number: number; ours: boolean; reporter: string; about: string }

function row({ number, ours, reporter, about, at, closedAt, comment, posts }: Row): string[] {
  const state = `${ours ? `by us about ${about}` : `from ${reporter}`}${closedAt ? ', closed' : ''}`
  const words = comment.replace(/\s+/g, ' ')
  return [String(number), day(at), state, [words, ...posts].filter(Boolean).join(' ')]
}

function named(db: Db, id: string): string {
  const actor = actorOf(db, id)
  return actor ? handleOf(actor) : id
}

function postNamed(db: Db, which: string): string {
  if (!/^\d+$/.test(which)) return which
  const post = postById(db, Number(which))
  if (!post) throw new Refusal('missing', `There is no post numbered ${which}.`)
  return post.iri
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

function toNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('A report has a number from 1.')
  return Number(text)
}
