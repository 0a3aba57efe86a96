export type TextFault = { offset: number; message: string }

const BLANK = /[ \t\r\n]*/y
const STRING = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y
const MAX_DEPTH = 32

/**
 * The first place where `text` is not JSON (RFC 8259), names a field twice, or nests deeper than 32 levels; undefined where it is fine.
 * JSON.parse alone tells a position only sometimes, and keeps the last of two equal names silently.
 */
export function jsonFault(text: string): TextFault | undefined {
  // One entry for each open bracket: the names already used in an object, or undefined for a list.
  const open: (Set<string> | undefined)[] = []
  let at = 0
  let want: 'value' | 'first value' | 'name' | 'first name' | 'more' = 'value'

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    at += found?.length ?? 0
    return found
  }
  const skip = (mark: string): boolean => {
    take(BLANK)
    if (text[at] !== mark) return false
    at++
    return true
  }
  const fault = (message: string): TextFault => ({
    offset: at,
    message: at < text.length ? message : `the text ends too early: ${message}`,
  })

  for (;;) {
    const names = open.at(-1)
    if (want === 'more') {
      take(BLANK)
      if (!open.length) return at === text.length ? undefined : fault('nothing may follow the last bracket')
      if (skip(',')) want = names ? 'name' : 'value'
      else if (skip(names ? '}' : ']')) open.pop()
      else return fault(`a comma or ${names ? '}' : ']'} must stand here`)
    } else if (want === 'name' || want === 'first name') {
      if (want === 'first name' && skip('}')) {
        open.pop()
        want = 'more'
        continue
      }
      take(BLANK)
      const start = at
      const name = take(STRING)
      if (name === undefined)
        return fault(text[at] === '}' ? 'there is a comma too many before }' : 'a name in double quotes must stand here')
      if (names?.has(JSON.parse(name))) return { offset: start, message: `${name} is there twice` }
      names?.add(JSON.parse(name))
      if (!skip(':')) return fault(`a colon must follow ${name}`)
      want = 'value'
    } else if (want === 'first value' && skip(']')) {
      open.pop()
      want = 'more'
    } else if (skip('{') || skip('[')) {
      const isObject = text[at - 1] === '{'
      if (open.push(isObject ? new Set() : undefined) > MAX_DEPTH) return fault('this is nested too deeply')
      want = isObject ? 'first name' : 'first value'
    } else {
      if (take(STRING) === undefined && take(SCALAR) === undefined) return fault(valueExpected(text[at]))
      want = 'more'
    }
  }
}

function valueExpected(found: string | undefined): string {
  if (found === ']' || found === '}') return `there is a comma or colon too many before ${found}`
  if (found === '"') return 'this text has no closing quote on its line, or a backslash that means nothing'
  if (found === "'") return 'text stands in double quotes, not in single ones'
  return 'a text in double quotes, a number, true, false, { or [ must stand here'
}
