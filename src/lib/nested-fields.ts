/** What a form, a query or JSON may hold. */
export type Field = string | number | boolean | null | Field[] | Fields
export type Fields = { [name: string]: Field }

const MOST_PAIRS = 1_000
const MOST_ITEMS = 500
const DEEPEST = 5
const LONGEST_NAME = 200
const NAME = /^([^[\]]+)((?:\[[^[\]]*\])*)$/
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Fields as Rails and PHP nest them: `id[]=1&id[]=2` is a list, `a[b]=1` an object, `a[][b]=1` a list of objects. A name that stands there
 * twice is a list too. What is too deep, too long or too much is left out.
 */
export function nestFields(pairs: Iterable<readonly [string, string]>): Fields {
  const root = empty()
  let left = MOST_PAIRS
  for (const [name, value] of pairs) {
    if (left-- === 0) break
    const path = pathOf(name)
    if (path) put(root, path, value)
  }
  return root
}

function pathOf(name: string): string[] | undefined {
  if (name.length > LONGEST_NAME) return undefined
  const [, first, rest = ''] = NAME.exec(name) ?? []
  if (first === undefined) return undefined
  const path = [first, ...Array.from(rest.matchAll(/\[([^[\]]*)\]/g), match => match[1]!)]
  return path.length > DEEPEST || path.some(part => FORBIDDEN.has(part)) ? undefined : path
}

function put(into: Fields, [key = '', ...path]: string[], value: string): void {
  const known = Object.hasOwn(into, key) ? into[key] : undefined
  if (path.length === 0) {
    if (known === undefined) into[key] = value
    else if (Array.isArray(known)) add(known, value)
    else if (typeof known === 'string') into[key] = [known, value]
    return
  }
  const [next = '', ...after] = path
  if (next === '') {
    const list = Array.isArray(known) ? known : known === undefined ? [] : typeof known === 'string' ? [known] : undefined
    if (!list) return
    into[key] = list
    if (after.length === 0) add(list, value)
    else putInLast(list, after, value)
    return
  }
  if (known !== undefined && !isFields(known)) return
  const inner = known ?? empty()
  into[key] = inner
  put(inner, path, value)
}

// `a[][x]=1&a[][y]=2&a[][x]=3`: a name that is there already begins the next object.
function putInLast(list: Field[], path: string[], value: string): void {
  const last = list.at(-1)
  const [name = ''] = path
  const goesOn = isFields(last) && (path.length > 1 ? path[1] === '' || !Object.hasOwn(last, name) : !Object.hasOwn(last, name))
  const target = goesOn ? last : empty()
  if (!goesOn) add(list, target)
  put(target as Fields, path, value)
}

function add(list: Field[], value: Field): void {
  if (list.length < MOST_ITEMS) list.push(value)
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const empty = (): Fields => Object.create(null) as Fields
