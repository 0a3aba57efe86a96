import { csvOf } from '../lib/csv.ts'
import { type ListProblem, readList } from './list-file.ts'
import { Refusal } from './refusal.ts'

/** What is taken of a list. */
export const FOLLOWING_LIST_LIMITS = { bytes: 1 << 20, rows: 2_000 } as const

export type FollowFault = 'address' | 'twice'
/** Whom a file names, as `handle@host` or by address. `left` is how many lines are left out, `problems` the first of them. */
export type ReadFollows = { addresses: string[]; left: number; problems: ListProblem<FollowFault>[] }

const COLUMNS = ['Account address', 'Show boosts', 'Notify on new posts', 'Languages']

/**
 * Whom somebody follows, as Mastodon exports it, or one address in each line. Of all columns but the first nothing is taken.
 * @throws Refusal when it is no text, too large, or nobody is in it
 */
export function readFollowingList(file: Uint8Array | string): ReadFollows {
  const found = new Set<string>()
  const { left, problems } = readList<FollowFault>(file, { main: COLUMNS[0]!.toLowerCase(), bytes: FOLLOWING_LIST_LIMITS.bytes }, cell => {
    const address = readAddress(cell(COLUMNS[0]!.toLowerCase()))
    if (!address) return 'address'
    if (found.has(address)) return 'twice'
    found.add(address)
    return undefined
  })
  if (found.size > FOLLOWING_LIST_LIMITS.rows) {
    const [most, are] = [FOLLOWING_LIST_LIMITS.rows, found.size].map(n => n.toLocaleString('en'))
    throw new Refusal('invalid', `A list may name ${most} to follow; this one names ${are}. Part it into several files.`, [], {
      code: 'manyToFollow',
      most: FOLLOWING_LIST_LIMITS.rows,
      are: found.size,
    })
  }
  if (found.size === 0) throw new Refusal('invalid', 'There is nobody to follow in this list.', [], { code: 'nobodyToFollow' })
  return { addresses: [...found], left, problems }
}

/** A handle without its first @ and with its host in lower case, or an address of the web. Undefined if it is neither. */
export function readAddress(text: string): string | undefined {
  const said = text.trim().replace(/^'(?=[=+\-@])/, '')
  if (/^https?:\/\/[^\s]+$/i.test(said)) return URL.canParse(said) ? said : undefined
  const handle = /^(?:acct:)?@?([^@\s/:]{1,200})@([^@\s/]{1,255})$/.exec(said)
  return handle && URL.canParse(`https://${handle[2]}`) ? `${handle[1]}@${handle[2]!.toLowerCase()}` : undefined
}

/** The same, to be read in here or elsewhere. */
export function writeFollowingList(addresses: readonly string[]): string {
  return csvOf([COLUMNS, ...addresses.map(address => [address, true, false, ''])])
}
