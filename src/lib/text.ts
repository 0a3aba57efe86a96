const NUMBERS = new Intl.NumberFormat('en')
const DAYS = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })
const PLURALS = new Intl.PluralRules('en')
const LETTERS = new Intl.Segmenter('und', { granularity: 'grapheme' })

// Direction overrides, zero-width and soft-hyphen characters make one name look like another.
const DECEPTIVE = /[\p{Cc}\u00ad\u200b\u2028-\u202e\u2060-\u2069\ufeff]+/gu

// Each of these is a letter of its own, whatever stands beside it.
const PLAIN = /^[\x20-\u024f]*$/

/** Words others wrote, on one line: no control or direction characters, no piles of accents. */
export function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(DECEPTIVE, '')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .trim()
}

/** Tidied, and cut after `most` letters. */
export function shortened(text: string, most: number): string {
  const words = tidy(text.slice(0, most * 20))
  if (words.length <= most) return words
  const end = PLAIN.test(words.slice(0, most + 1)) ? most - 1 : endOfLetters(words, most)
  return end === undefined ? words : `${words.slice(0, end).trimEnd()}…`
}

/** Where the last but one of `most` letters ends, if there are more than that. No farther is looked: a page cuts many long texts. */
function endOfLetters(words: string, most: number): number | undefined {
  let count = 0
  let end = 0
  for (const { index } of LETTERS.segment(words)) {
    if (count === most - 1) end = index
    if (count === most) return end
    count += 1
  }
  return undefined
}

/** One word for a shell, whatever is in it. Control characters are left out: pasted into a terminal they could do anything. */
export function shellWord(text: string): string {
  const words = text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
  return /^[\w@%+=:,./-]+$/.test(words) ? words : `'${words.replaceAll("'", "'\\''")}'`
}

export function number(value: number): string {
  return NUMBERS.format(value)
}

/** “1 community”, “12,000 communities”. */
export function counted(value: number, one: string, many: string): string {
  return `${number(value)} ${PLURALS.select(value) === 'one' ? one : many}`
}

export function day(date: Date): string {
  return DAYS.format(date)
}
