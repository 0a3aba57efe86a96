/** A parameter nobody could make sense of. */
export class BadParameter extends Error {
  override name = 'BadParameter'
  readonly parameter: string
  constructor(parameter: string, message: string) {
    super(message)
    this.parameter = parameter
  }
}

type Query = Record<string, unknown>

/** @throws BadParameter when the query has another parameter than these */
export function onlyThese(query: unknown, names: readonly string[]): void {
  const unknown = Object.keys(query as Query).find(name => !names.includes(name))
  if (unknown === undefined) return
  const known = names.length > 0 ? `There are only: ${names.join(', ')}.` : 'There is none here.'
  throw new BadParameter(unknown.slice(0, 64), `There is no parameter ${unknown.slice(0, 64)}. ${known}`)
}

/** @throws BadParameter when it is no whole number in these bounds */
export function readNumber(
  query: unknown,
  name: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const value = (query as Query)[name]
  if (value === undefined) return otherwise
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most) return number
  throw new BadParameter(name, `${name} must be a number from ${least} to ${most}.`)
}

/** @throws BadParameter when `p` is no list of so many hex prefixes of the right length */
export function readPrefixes(
  query: unknown,
  { least, most, limit, whenMissing }: { least: number; most: number; limit: number; whenMissing?: string[] },
): string[] {
  const value = (query as Query).p
  if (value === undefined && whenMissing) return whenMissing
  const prefixes = typeof value === 'string' && value.length <= limit * 5 ? [...new Set(value.split(','))] : []
  const shape = new RegExp(`^[0-9a-f]{${least},${most}}$`)
  if (prefixes.length > 0 && prefixes.length <= limit && prefixes.every(prefix => shape.test(prefix))) return prefixes
  const length = least === most ? `${least}` : `${least} to ${most}`
  throw new BadParameter('p', `p must be up to ${limit} prefixes of ${length} hex digits, with commas between them.`)
}
