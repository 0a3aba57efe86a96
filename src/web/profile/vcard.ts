import type { DirectoryEntry } from '../../domain/directory.ts'
import { safeUrl } from '../../lib/sanitise.ts'
import { tidy } from '../../lib/text.ts'
import { charterWords } from '../charter-words.ts'
import { communityPath } from '../community-path.ts'
import { spokenPath } from '../locale.ts'
import type { Words } from '../messages.ts'

/** Octets of a line, without its end (RFC 6350 section 3.2). */
const LONGEST_LINE = 75
/** Nothing but an e-mail address: any other contact is words. */
const EMAIL = /^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[\p{L}]{2,}$/u

/** A community for an address book: vCard 4.0 (RFC 6350; SOCIALPROFILE of RFC 9554). It holds what its public charter says, and no more. */
export function asVcard(words: Words, origin: string, entry: DirectoryEntry): string {
  const { charter, handle, host, actor, publishedAt } = entry
  const { label } = charterWords(words)
  const { place, contact, website } = charter
  const page = `${origin}${communityPath(entry)}`
  const isEmail = contact !== undefined && EMAIL.test(contact)
  const notes = [charter.summary, contact !== undefined && !isEmail && contact].filter(words => words !== false)
  const country = place?.country && label('country', place.country)
  const parts = ['', '', place?.street, place?.locality, place?.region, '', country].map(part => escaped(part ?? ''))
  const lines: [string, string | undefined | false][] = [
    ['VERSION', '4.0'],
    ['KIND', 'org'],
    ['UID', safeUrl(actor)?.href],
    ['FN', escaped(charter.name)],
    ['ORG', escaped(charter.name)],
    ['NOTE', notes.map(escaped).join('\\n\\n')],
    ['URL', website && safeUrl(website)?.href],
    ['URL', safeUrl(entry.url)?.href],
    ['EMAIL', isEmail && escaped(contact)],
    ['SOCIALPROFILE;SERVICE-TYPE=ActivityPub;VALUE=text', escaped(`@${handle}@${host}`)],
    ['ADR', parts.some(Boolean) && parts.join(';')],
    ['GEO', place?.latitude !== undefined && place.precision !== 'hidden' && `geo:${place.latitude},${place.longitude}`],
    [
      'CATEGORIES',
      [...charter.themes.map(theme => label('theme', theme)), ...charter.kind.map(kind => label('kind', kind))].map(escaped).join(','),
    ],
    ...charter.languages.map((tag, place): [string, string] => [`LANG;PREF=${Math.min(place + 1, 100)}`, tag]),
    ['SOURCE', spokenPath(`${page}/card.vcf`, words.locale)],
    ['REV', `${publishedAt.toISOString().replace(/[-:]|\.\d+/g, '')}`],
  ]
  const all = [['BEGIN', 'VCARD'], ...lines, ['END', 'VCARD']].flatMap(([name, value]) => (value ? [folded(`${name}:${value}`)] : []))
  return `${all.join('\r\n')}\r\n`
}

function escaped(text: string): string {
  return tidy(text).replace(/[\\,;]/g, '\\$&')
}

// A line goes on behind a line end and a space. A character of several octets is never cut.
function folded(line: string): string {
  const lines = ['']
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > LONGEST_LINE) {
      lines.push(' ')
      octets = 1
    }
    lines[lines.length - 1] += character
    octets += size
  }
  return lines.join('\r\n')
}
