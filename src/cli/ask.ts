import { createInterface } from 'node:readline'
import { Charter } from '../domain/charter.ts'
import { checkHandle, suggestHandle } from '../domain/community.ts'
import { Refusal } from '../domain/refusal.ts'
import { KINDS, label, STATUSES, THEMES } from '../domain/vocabulary.ts'
import { explain, say } from './output.ts'

type Terminal = { question(text: string): Promise<string> }

/**
 * Asks in the terminal for what a first charter needs. An answer that can't be is asked for again.
 * @throws Refusal when the input ends before the questions do
 */
export async function askForCommunity(givenHandle: string | undefined): Promise<{ charter: Charter; handle: string; listed: boolean }> {
  const terminal = createInterface({ input: process.stdin })
  // Read as a stream, so that answers may also come from a pipe.
  const lines = terminal[Symbol.asyncIterator]()
  const asking: Terminal = {
    async question(text) {
      process.stderr.write(text)
      const { value, done } = await lines.next()
      if (done) throw new Refusal('invalid', '\nNothing was founded: the questions were not answered to the end.')
      return value
    },
  }
  try {
    say(
      'A charter says what the community is. These are the first lines; everything else can follow in a next edition (npx archipelago charter publish FILE).\n',
    )
    const name = await text(asking, 'Name of the community', 1)
    const summary = await text(asking, 'What it is, in a sentence or two', 1)
    const kind = await choice(asking, 'Kind of community', 'kind', KINDS)
    const theme = await choice(asking, 'Main theme', 'theme', THEMES)
    const status = await choice(asking, 'Status', 'status', STATUSES)
    const year = status === 'disbanded' ? await text(asking, 'Year it was disbanded', 1) : ''
    const country = await text(asking, 'Country, as two letters such as ES (leave empty if it holds no territory)', 0)
    const handle = givenHandle ?? (await askHandle(asking, name))
    const listed = await yes(asking, 'May it be found in directories and searches?')
    const draft = {
      name,
      summary,
      kind: [kind],
      theme,
      status,
      ...(year ? { disbanded: Number(year) } : {}),
      ...(country ? { place: { country: country.toUpperCase(), precision: 'country' } } : {}),
    }
    const charter = Charter.safeParse(draft)
    if (!charter.success)
      throw new Refusal(
        'invalid',
        'That makes no charter yet.',
        charter.error.issues.map(issue => ({ path: issue.path.join(', '), message: issue.message })),
      )
    return { charter: charter.data, handle, listed }
  } finally {
    terminal.close()
  }
}

async function text(asking: Terminal, question: string, min: number): Promise<string> {
  for (;;) {
    const answer = (await asking.question(`${question}: `)).trim()
    if (answer.length >= min) return answer
  }
}

async function choice<T extends string>(asking: Terminal, question: string, field: string, values: readonly T[]): Promise<T> {
  say(`\n${question}:\n${values.map((value, at) => `  ${String(at + 1).padStart(2)} ${label(field, value)}`).join('\n')}`)
  for (;;) {
    const answer = (await asking.question('Number or word: ')).trim().toLowerCase()
    const chosen = values.find((value, at) => answer === value || answer === String(at + 1) || answer === label(field, value).toLowerCase())
    if (chosen) return chosen
    say(`Choose a number from 1 to ${values.length}.`)
  }
}

async function askHandle(asking: Terminal, name: string): Promise<string> {
  const suggestion = suggestHandle(name)
  for (;;) {
    const answer = (await asking.question(`Handle, the name others follow it by [${suggestion}]: `)).trim() || suggestion
    try {
      return checkHandle(answer)
    } catch (error) {
      say(explain(error))
    }
  }
}

async function yes(asking: Terminal, question: string): Promise<boolean> {
  for (;;) {
    const answer = (await asking.question(`${question} [yes/no]: `)).trim().toLowerCase()
    if (/^(y|yes)$/.test(answer)) return true
    if (/^(n|no)$/.test(answer)) return false
  }
}
