import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { createFetcher } from '../../src/federation/fetch.ts'
import { openBrowser, withoutBrowser } from '../helpers/browser.ts'
import { accessibleInBoth, fits, walkedByKeyboard, watchFaults } from '../helpers/inspect.ts'
import { startNode, type TestNode } from '../helpers/node.ts'
import { settled, shots } from '../screenshots/shots.ts'
import { FERN, fillShow, giveFaces } from '../screenshots/show.ts'

const WIDTHS = [360, 1280] as const
/** What is read by programs, leads on to another address, says what is wrong with one, or is for stewards. */
const NO_PAGE = [
  /^\/(?:api\/|assets|map|media|\.well-known|nodeinfo|node|directory|inbox|search$|[qa]\/|healthz|readyz|metrics)/,
  /^\/c\/:handle\/(?:followers|following|featured|tags|outbox|inbox|entry)|^\/o\/:id\/replies|^\/@:handle/,
  /\.(?:atom|json|xml|vcf|png)$/,
  /^\/(?:admin|sign-in|join|oauth|address-unreadable$|address-too-long$)/,
]

// Ninety pages, each looked at in four ways.
t.setTimeout(700_000)

const skip = withoutBrowser()
if (skip) console.error(skip)

t.test('every page can be used by everybody: axe in both colour schemes, and the keyboard alone', { skip, timeout: 600_000 }, async t => {
  const node = await startNode(t, { handle: 'fern', charter: FERN, env: { DATA_DIR: t.testdir() } })
  fillShow(node.ctx)
  await giveFaces(node.ctx)
  const browser = await openBrowser(t)
  const pages = await shots(browser, node.url, node.clock, node.ctx)

  const paths = pages.map(({ path }) => path.replace(/[?#].*/, ''))
  const forgotten = (await routesOf(node)).filter(
    route => !NO_PAGE.some(other => other.test(route)) && !paths.some(path => patternOf(route).test(path)),
  )
  t.same(forgotten, [], 'every route that is a page stands in tests/screenshots/shots.ts')

  for (const width of WIDTHS)
    await t.test(`${width} px`, { timeout: 300_000 }, async t => {
      for (const { name, path, locale = 'en', ready } of pages) {
        const viewport = { width, height: width < 500 ? 740 : 900 }
        const context = await browser.newContext({ viewport, reducedMotion: 'reduce', locale })
        const faults = watchFaults(context, [node.url])
        const page = await context.newPage()
        await page.goto(new URL(path, node.url).href)
        await ready?.(page)
        await settled(page)
        await fits(t, page, name)
        await accessibleInBoth(t, page, name)
        // An address that names a part of the page begins there.
        if (!path.includes('#')) await skips(t, page, name)
        await walkedByKeyboard(t, page, name)
        t.same(faults, [], `${name}: no error, nothing refused, nothing asked of anybody else`)
        await context.close()
      }
    })
})

/** The first stop of the keyboard leads past what is the same on every page. */
async function skips(t: Test, page: Page, what: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await page.keyboard.press('Tab')
  t.match(await page.locator(':focus').getAttribute('href'), /^#/, `${what}: the keyboard stops at a link within the page first`)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  const beyond = await page.evaluate(() => {
    const [main, focus] = [document.querySelector('main'), document.activeElement]
    return (main?.compareDocumentPosition(focus ?? document) ?? 0) & Node.DOCUMENT_POSITION_FOLLOWING
  })
  t.ok(beyond, `${what}: and goes on in the content`)
}

/** Every address that can be asked for, as it was registered. */
async function routesOf({ ctx }: TestNode): Promise<string[]> {
  const routes: string[] = []
  // Stopping an app closes its way out.
  const { server, stop } = buildApp({ ...ctx, fetch: createFetcher({ userAgent: 'Archipelago test', allowPrivate: true }) })
  server.addHook('onRoute', ({ method, url }) => void ([method].flat().includes('GET') && routes.push(url)))
  await server.ready()
  await stop()
  return [...new Set(routes)]
}

const patternOf = (route: string) => new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`)
