import axe from 'axe-core'
import type { BrowserContext, Page } from 'playwright-core'
import type { Test } from 'tap'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Axe finds nothing on the page, or within a part of it. */
export async function accessible(t: Test, page: Page, what: string, part = 'html', rules = RULES): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const violations = await page.evaluate(
    async ({ part, rules }) => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') }
      const { violations } = await axe.run(part, { runOnly: rules })
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
    },
    { part, rules },
  )
  t.same(violations, [], `${what}: axe finds nothing`)
}

/** The same in both colour schemes; what the second can add is colours. */
export async function accessibleInBoth(t: Test, page: Page, what: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await accessible(t, page, `${what}, light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await accessible(t, page, `${what}, dark`, 'html', ['color-contrast', 'link-in-text-block'])
}

/** Nothing sticks out to the side. */
export async function fits(t: Test, page: Page, what: string): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  t.equal(wide, 0, `${what}: no scrolling sideways`)
}

const MOST_TABS = 600
const AT_ONCE = 20

/** Everything that can be used is reached with the Tab key alone, in the order of the page, the eye can follow it, and it leads on to the end. */
export async function walkedByKeyboard(t: Test, page: Page, what: string): Promise<void> {
  await page.evaluate(() => {
    const state = { seen: new Set<Element>(), unseen: [] as string[], first: undefined as Element | undefined, round: false }
    Object.assign(window, { tabbing: state })
    const marked = (element: Element) => {
      const around = [element, element.parentElement, ...element.querySelectorAll('*'), ...((element as HTMLInputElement).labels ?? [])]
      return around.some(one => {
        if (!one) return false
        const { outlineStyle, outlineWidth, boxShadow, stroke } = getComputedStyle(one)
        const lined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
        return lined || boxShadow !== 'none' || (one instanceof SVGElement && one !== element && stroke !== 'none')
      })
    }
    document.addEventListener('focusin', ({ target }) => {
      const element = target as Element
      if (element === state.first) state.round = true
      state.first ??= element
      state.seen.add(element)
      if (!marked(element)) state.unseen.push(element.outerHTML.slice(0, 140))
    })
    ;(document.activeElement as HTMLElement | null)?.blur()
  })
  let round = false
  for (let n = 0; n < MOST_TABS && !round; n += AT_ONCE) {
    for (let press = 0; press < AT_ONCE; press += 1) await page.keyboard.press('Tab')
    round = await page.evaluate(() => (window as unknown as { tabbing: { round: boolean } }).tabbing.round)
  }
  t.ok(round, `${what}: the keyboard comes round, and is caught nowhere`)
  const { missed, unseen, leaps } = await page.evaluate(() => {
    const { seen, unseen } = (window as unknown as { tabbing: { seen: Set<Element>; unseen: string[] } }).tabbing
    const usable = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    const missed = usable.filter(element => {
      const { type, name, disabled, tabIndex } = element as HTMLInputElement
      if (seen.has(element) || disabled || tabIndex < 0) return false
      if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false
      // Of a group of radio buttons the keyboard meets one, and the arrows go on from it.
      return !(type === 'radio' && [...seen].some(other => (other as HTMLInputElement).name === name))
    })
    const stops = [...seen].filter(element => element.isConnected)
    const before = (one: Element, other: Element) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING) === 0
    // Once it goes from the end to the top, for it began somewhere between.
    const [top] = stops.toSorted((a, b) => (before(a, b) ? -1 : 1))
    const leaps = stops.filter((stop, n) => n > 0 && stop !== top && !before(stops[n - 1]!, stop))
    return {
      missed: missed.map(element => element.outerHTML.slice(0, 140)),
      unseen: [...new Set(unseen)],
      leaps: leaps.map(element => element.outerHTML.slice(0, 140)),
    }
  })
  t.same(missed, [], `${what}: everything is reached`)
  t.same(leaps, [], `${what}: from top to bottom, and not back`)
  t.same(unseen, [], `${what}: where the keyboard is can be seen`)
}

/** What goes wrong on the pages of a context: errors, refused resources, anything asked of others than `origins`. */
export function watchFaults(context: BrowserContext, origins: readonly string[]): string[] {
  const faults: string[] = []
  context.on('weberror', error => faults.push(String(error.error())))
  context.on('console', message => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text())
  })
  context.on('request', request => {
    if (!origins.includes(new URL(request.url()).origin) && !request.url().startsWith('data:')) faults.push(request.url())
  })
  return faults
}
