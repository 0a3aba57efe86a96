import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { openBrowser, withoutBrowser } from '../helpers/browser.ts'
import { anEntry, saveAll } from '../helpers/entries.ts'
import { accessible, fits } from '../helpers/inspect.ts'
import { startNode } from '../helpers/node.ts'

const VIEWS = [
  { width: 1280, colorScheme: 'light' },
  { width: 360, colorScheme: 'dark' },
] as const
const PLACES = [
  ['Lonely', 'exact', -33.9, 151.2, 'AU'],
  ['Spree', 'exact', 52.45, 13.3, 'DE'],
  ['Havel', 'locality', 52.4, 13.05, 'DE'],
  ['Isar', 'exact', 48.1, 11.5, 'DE'],
  ['Tejo', 'exact', 38.7, -9.1, 'PT'],
] as const

const skip = withoutBrowser()
if (skip) console.error(skip)

t.test('a visitor moves the map, and the list goes with it', { skip, timeout: 180_000 }, async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, [
    ...PLACES.map(([name, precision, latitude, longitude, country]) =>
      anEntry({ charter: { name, place: { precision, country, latitude, longitude } } }),
    ),
    anEntry({ charter: { name: 'Italian', place: { precision: 'country', country: 'IT' } } }),
  ])
  const browser = await openBrowser(t)
  for (const { width, colorScheme } of VIEWS) {
    await t.test(`${width} px, ${colorScheme}`, { timeout: 80_000 }, async t => {
      const context = await browser.newContext({
        viewport: { width, height: width < 500 ? 740 : 900 },
        colorScheme,
        reducedMotion: 'reduce',
        geolocation: { latitude: 52.520008, longitude: 13.404954 },
      })
      const page = await context.newPage()
      await page.clock.install()
      const faults = watch(page, node.url)
      await page.goto(node.url)
      const frame = page.locator('.map-canvas')
      if (width < 500) {
        t.notOk(await page.locator('.map-view').isVisible(), 'on a telephone the map is folded')
        t.equal(await frame.count(), 0, 'and not loaded')
        await page.getByText('Show the map').click()
      }
      await page.locator('.map-view.moving').waitFor()
      await page.locator('.map .land').first().waitFor({ state: 'attached' })
      await page.locator('.map-canvas[data-names]').waitFor()
      await accessible(t, page, 'the map', '#map')
      await fits(t, page, 'the map')
      await moves(t, page)
      await marks(t, page, node.url)
      await nearMe(t, page, node.url)
      t.same(faults, [], 'no error, nothing the policy forbids, nothing asked of another host')
      await context.close()
    })
  }
})

async function moves(t: Test, page: Page): Promise<void> {
  const before = await page.locator('.entry').count()
  t.equal(before, 7)
  const group = page.locator('.map-group').first()
  await group.focus()
  t.match(await group.getAttribute('title'), /^\d communities here$/)
  await page.keyboard.press('Enter')
  await page.waitForURL(/bbox=/)
  await page.waitForFunction(() => document.querySelectorAll('.entry').length < 7)
  t.equal(await page.locator('.entry h3', { hasText: 'Lonely' }).count(), 0, 'who is elsewhere leaves the list')
  const found = await page.locator('#results').textContent()
  t.equal(
    await page
      .getByRole('status')
      .filter({ hasText: String(found) })
      .count(),
    1,
    'and the number is told',
  )
  await page.getByRole('link', { name: /Inside a part of the map/ }).waitFor()

  const here = page.url()
  await page.getByLabel('Search as I move the map').uncheck()
  await page.locator('.map-canvas').focus()
  const searches = searchesOf(page)
  await whenMoved(page, () => page.keyboard.press('ArrowRight'))
  await page.clock.fastForward(2_000)
  t.equal(await page.evaluate(() => location.href), here, 'who does not want that moves without searching')
  t.same(searches, [])
  await page.getByLabel('Search as I move the map').check()
  await page.locator('.map-canvas').focus()
  await page.keyboard.press('ArrowUp')
  await page.waitForURL(url => url.href !== here)
  t.ok(await page.locator('.map-canvas').evaluate(map => map === document.activeElement), 'the keyboard stays on the map')
}

async function marks(t: Test, page: Page, url: string): Promise<void> {
  await page.goto(`${url}/?bbox=10,47,15,53.5`)
  if (await page.getByText('Show the map').isVisible()) t.ok(await page.locator('.map-view').isVisible(), 'unfolded as it was left')
  await page.locator('.map-view').scrollIntoViewIfNeeded()
  const dot = page.locator('.map-dot[title=Isar]')
  await dot.waitFor()
  t.ok((await page.locator('.map-circle[title=Havel]').count()) <= 1)
  await dot.focus()
  const searches = searchesOf(page)
  await page.keyboard.press('Enter')
  const link = page.locator('.leaflet-popup a[href^="/communities/"]')
  await link.waitFor()
  t.ok(await link.evaluate(element => element === document.activeElement), 'the card has the keyboard')
  await page.clock.fastForward(2_000)
  t.ok(await link.isVisible(), 'and stays')
  t.match(await page.evaluate(() => location.href), /bbox=10,47,15,53\.5$/, 'to make room for it is no search')
  t.same(searches, [])
  await page.keyboard.press('Enter')
  await page.waitForURL('**/communities/isar.test/isar')
}

async function nearMe(t: Test, page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.locator('.map-view').scrollIntoViewIfNeeded()
  await page.locator('.map-view.moving').waitFor()
  await page.getByRole('button', { name: 'Near me' }).click()
  await page.getByText('Your device did not say where you are.').waitFor()
  await page.context().grantPermissions(['geolocation'])
  await page.getByRole('button', { name: 'Near me' }).click()
  await page.waitForURL('**/?near=52.5,13.4&within=100#results')
  t.equal(await page.locator('.entry').count(), 2, 'those within 100 km, and the place is told roughly')
}

/** The searches that the page makes from now on. */
function searchesOf(page: Page): string[] {
  const searches: string[] = []
  page.on('request', request => {
    if (request.resourceType() === 'fetch' && /\/(\?|map\/points)/.test(request.url())) searches.push(request.url())
  })
  return searches
}

async function whenMoved(page: Page, move: () => Promise<void>): Promise<void> {
  const map = page.locator('.map-canvas')
  const before = await map.getAttribute('data-moves')
  await move()
  await page.waitForFunction(before => document.querySelector('.map-canvas')?.getAttribute('data-moves') !== before, before)
}

function watch(page: Page, url: string): string[] {
  const faults: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  page.on('request', request => {
    if (new URL(request.url()).origin !== url && !request.url().startsWith('data:')) faults.push(request.url())
  })
  return faults
}
