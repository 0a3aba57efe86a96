import { Argument, type Command, InvalidArgumentError } from 'commander'
import { answerInquiry, changeInquiryState, eraseInquiry, noteInquiry } from '../actions/inquiry.ts'
import { actorOf } from '../db/actor.ts'
import { allInquiries, inquiryOf, messagesOf } from '../db/inquiry.ts'
import type { Db } from '../db/open.ts'
import { handleOf } from '../domain/actor.ts'
import { type Inquiry, type InquiryState, STEWARD_STATES } from '../domain/inquiry.ts'
import { Refusal } from '../domain/refusal.ts'
import { htmlToText } from '../lib/sanitise.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

export function inquiryCommands(program: Command): void {
  jsonOption(program.command('inquiries'))
    .description('what strangers asked the community in private, the newest word first; those to be looked at with care last')
    .option('--all', 'settled ones too')
    .action((options: JsonOption & { all?: boolean }) =>
      withNode(({ db }) => {
        const all = allInquiries(db, { settled: options.all === true })
        const data = all.map(inquiry => ({ ...shown(db, inquiry), messages: inquiry.messages }))
        print(data, options.json, () => table(data.map(row)))
        if (data.length === 0 && !options.json) say(options.all ? 'There are no inquiries.' : 'There are no inquiries to be dealt with.')
      }),
    )

  const inquiry = program.command('inquiry').description('read and answer what a stranger asked in private')
  one(inquiry, 'show', 'the whole conversation').action((id: number, options: JsonOption) =>
    withNode(({ db }) => {
      const asked = inquiryOf(db, id)
      if (!asked) throw new Refusal('missing', `There is no inquiry numbered ${id}. npx archipelago inquiries lists them.`)
      const messages = messagesOf(db, id).map(({ voice, text, html, at }) => ({
        from: voice,
        at,
        text: html === null ? text : htmlToText(html),
      }))
      const data = { ...shown(db, asked), messages }
      print(data, options.json, () => [row({ ...data, messages: messages.length }).join('  '), ...messages.map(spoken)].join('\n\n'))
    }),
  )
  one(inquiry, 'answer', 'on the private page of who asked, or with a direct post if they wrote one')
    .argument('<text...>', 'what to say, in markdown')
    .action((id: number, text: string[], options: JsonOption) =>
      withNode(ctx => {
        answerInquiry(ctx, id, text.join(' '))
        print({ number: id }, options.json, () => `Inquiry ${id} is answered.`)
      }),
    )
  one(inquiry, 'state', 'where you are with it')
    .addArgument(new Argument('<state>', 'who asked reads it on their page').choices(STEWARD_STATES))
    .action((id: number, state: InquiryState, options: JsonOption) =>
      withNode(ctx => {
        changeInquiryState(ctx, id, state)
        print({ number: id, state }, options.json, () => `Inquiry ${id} is ${state}.`)
      }),
    )
  one(inquiry, 'note', 'write something down that only stewards see')
    .argument('<text...>', 'what to remember')
    .action((id: number, text: string[], options: JsonOption) =>
      withNode(ctx => {
        noteInquiry(ctx, id, text.join(' '))
        print({ number: id }, options.json, () => `Noted at inquiry ${id}.`)
      }),
    )
  one(inquiry, 'erase', 'for good, with everything that was said').action((id: number, options: JsonOption) =>
    withNode(ctx => {
      eraseInquiry(ctx, id)
      print({ number: id }, options.json, () => `Inquiry ${id} is erased.`)
    }),
  )
}

function one(inquiry: Command, name: string, words: string): Command {
  return jsonOption(inquiry.command(name)).description(words).argument('<number>', 'as listed', toNumber)
}

function shown(db: Db, { id, state, held, wish, name, contact, actor, language, at, changedAt }: Inquiry) {
  const known = actor ? actorOf(db, actor) : undefined
  const from = actor ? { name: known?.name ?? null, contact: known ? handleOf(known) : actor } : { name, contact }
  return { number: id, state, held, wish, ...from, by: actor ? 'post' : 'form', language, at, changedAt }
}

type Shown = ReturnType<typeof shown> & { messages: number }

function row({ number, state, held, wish, name, contact, changedAt, messages }: Shown): string[] {
  const who = [name, contact].filter(Boolean).join(', ')
  return [String(number), day(changedAt), held ? `${state}, held` : state, wish, who, `${messages} said`]
}

function spoken({ from, at, text }: { from: string; at: Date; text: string }): string {
  return `${day(at)} ${from === 'steward' ? 'community' : from}:\n${text}`
}

function toNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('An inquiry has a number from 1.')
  return Number(text)
}
