import { readFileSync } from 'node:fs'
import t from 'tap'
import { THEMES } from '../src/domain/vocabulary.ts'
import { root } from './helpers/root.ts'

const sheet = readFileSync(new URL('src/web/public/style.css', root), 'utf8')
const [light = '', dark = ''] = [...sheet.matchAll(/:root \{([^}]*)\}/g)].map(([, rules]) => rules)
const GROUNDS = ['paper', 'sheet', 'shoal']

t.test('words can be read on every ground, by day and by night', async t => {
  for (const [scheme, rules] of Object.entries({ light, dark })) {
    const color = (name: string) => new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(rules)?.[1] ?? ''
    for (const ground of GROUNDS) {
      for (const ink of ['ink', 'soft', 'sea']) t.ok(contrast(color(ink), color(ground)) >= 4.5, `${scheme}: ${ink} on ${ground}`)
      for (const mark of ['strong-line', 'focus']) t.ok(contrast(color(mark), color(ground)) >= 3, `${scheme}: ${mark} on ${ground}`)
    }
    t.ok(contrast(color('on-sea'), color('sea')) >= 4.5, `${scheme}: words on a button`)
    for (const ink of ['ink', 'sea']) t.ok(contrast(color(ink), color('notice')) >= 4.5, `${scheme}: ${ink} in a notice`)
    for (const theme of THEMES) {
      const accent =
        new RegExp(`\\.theme-${theme} \\{[^}]*--${scheme === 'light' ? 'day' : 'night'}: (#[0-9a-f]{6})`).exec(sheet)?.[1] ?? ''
      for (const ground of GROUNDS) t.ok(contrast(accent, color(ground)) >= 3, `${scheme}: the accent of ${theme} on ${ground}`)
    }
  }
})

t.test('the sheet loads nothing, and fits languages written from right to left', async t => {
  t.notMatch(sheet, /url\(|@import|@font-face/)
  t.notMatch(sheet, /[^-](margin|padding|border)-(left|right)|[^-](left|right):|text-align: (left|right)|float:/)
})

/** The contrast of two colours (WCAG 2.2, 1.4.3): from 1 to 21. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function luminance(color: string): number {
  const channel = (place: number) => {
    const value = Number.parseInt(color.slice(place, place + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
