import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { answerInquiry } from '../../src/actions/inquiry.ts'
import { acceptPledge } from '../../src/actions/pledge.ts'
import { allInquiries } from '../../src/db/inquiry.ts'
import { allPledges } from '../../src/db/pledge.ts'
import { openBrowser, withoutBrowser } from '../helpers/browser.ts'
import { fits, watchFaults } from '../helpers/inspect.ts'
import { startNode, type TestNode } from '../helpers/node.ts'
import { FERN, fillShow } from '../screenshots/show.ts'

const VIEWS = [
  { width: 360, javaScriptEnabled: true, colorScheme: 'light' },
  { width: 360, javaScriptEnabled: false, colorScheme: 'dark' },
  { width: 1280, javaScriptEnabled: true, colorScheme: 'dark' },
  { width: 1280, javaScriptEnabled: false, colorScheme: 'light' },
] as const
type View = (typeof VIEWS)[number]
const high = (width: number) => (width < 500 ? 740 : 900)

const skip = withoutBrowser()
if (skip) console.error(skip)

t.test('a visitor finds a community, understands it and reaches it', { skip, timeout: 240_000 }, async t => {
  const visitors = await startNode(t, { handle: 'wren' })
  const browser = await openBrowser(t)
  for (const view of VIEWS) {
    await t.test(`${view.width} px, JavaScript ${view.javaScriptEnabled ? 'on' : 'off'}`, { timeout: 100_000 }, async t => {
      const node = await startNode(t, { handle: 'fern', charter: FERN })
      fillShow(node.ctx)
      const { width, ...rest } = view
      const context = await browser.newContext({ viewport: { width, height: high(width) }, ...rest, reducedMotion: 'reduce', locale: 'en' })
      const faults = watchFaults(context, [node.url, visitors.url])
      const page = await context.newPage()
      await finds(t, page, node, view)
      await understands(t, page, node)
      await weighs(t, page, node)
      await follows(t, page, node, visitors)
      await writes(t, page, node)
      await pledges(t, page, node)
      t.same(faults, [], 'no error, nothing refused, nothing asked of anybody else')
      await context.close()
    })
  }
})

async function finds(t: Test, page: Page, { url }: TestNode, { width, javaScriptEnabled }: View): Promise<void> {
  await page.goto(url)
  await fits(t, page, 'the search')
  await page.getByRole('searchbox').fill('farm')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/?q=farm')
  const found = await page.locator('.entry').count()
  const filters = page.getByRole('navigation', { name: 'Narrow the search' })
  await filters.getByRole('link', { name: /^Forming/ }).click()
  await page.waitForURL('**/?q=farm&status=forming')
  t.ok((await page.locator('.entry').count()) < found, 'a filter leaves fewer')
  await page.getByRole('link', { name: 'Clear all' }).click()
  await page.waitForURL(`${url}/`)

  if (width < 500) await page.getByText('Show the map').click()
  await page.locator('.map-view').scrollIntoViewIfNeeded()
  if (javaScriptEnabled) {
    await page.locator('.map-canvas[data-names]').waitFor()
    await page.locator('.map-group').first().focus()
    await page.keyboard.press('Enter')
  } else await page.locator('.map-view svg a[aria-label*="look closer"]').first().click()
  await page.waitForURL(/bbox=/)
  await page.getByRole('link', { name: /Inside a part of the map/ }).waitFor()

  await page.goto(url)
  await page.getByLabel('Near a place').fill('Springfield')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByText('Several towns are called “Springfield”. Which one?').waitFor()
  await fits(t, page, 'the choice of towns')
  await page.getByLabel('Near a place').fill('münchen')
  await page.getByLabel('How far from the place').selectOption('500')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.waitForURL('**/?near=48.14,11.58&within=500')
  await page.getByRole('link', { name: /Within 500 km of Munich/ }).waitFor()
  t.equal(await page.getByLabel('Near a place').inputValue(), 'Munich')
  t.ok((await page.locator('.entry h3', { hasText: 'Werkhof' }).count()) === 1, 'who is near is found')
  await fits(t, page, 'what is near')
}

async function understands(t: Test, page: Page, { url }: TestNode): Promise<void> {
  await page.goto(`${url}/?q=fern`)
  await page.getByRole('link', { name: 'Fern Hollow' }).last().click()
  await page.getByRole('heading', { level: 1, name: 'Fern Hollow' }).waitFor()
  await fits(t, page, 'the community')
  await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: 'Related communities' }).click()
  t.match(page.url(), /#related$/)
  await page.getByRole('link', { name: 'All editions' }).click()
  await page.getByRole('link', { name: /What changed/ }).first().click() // biome-ignore format: one step
  await page.waitForURL('**/charter/2/diff**')
  await page.locator('ins', { hasText: 'Hens, bees and two donkeys' }).waitFor()
  await fits(t, page, 'the changes')
}

async function weighs(t: Test, page: Page, { url }: TestNode): Promise<void> {
  await page.goto(`${url}/match`)
  await page.getByRole('group', { name: 'Setting' }).getByRole('checkbox', { name: 'Rural' }).check()
  await page.getByLabel('How much it matters: Setting').selectOption('must')
  await page.locator('input[name=near]').fill('Berlin')
  await page.getByRole('button', { name: 'Show what fits' }).click()
  await page.waitForURL(/near=52\.52,13\.41/)
  t.equal(await page.locator('.entry h3').first().textContent(), 'Fern Hollow')
  await page.getByText('about 72 km away').first().waitFor()
  await page.getByText('at most 100 km from Berlin').first().waitFor()
  await fits(t, page, 'what fits')
  for (const name of ['Fern Hollow', 'Casa do Vale']) await page.getByRole('checkbox', { name: `Compare ${name}` }).check()
  await page.getByRole('button', { name: 'Compare those ticked' }).click()
  await page.waitForURL('**/compare?**')
  await page.getByRole('rowheader', { name: /^Regular fee/ }).waitFor()
  await fits(t, page, 'the comparison')
}

async function follows(t: Test, page: Page, node: TestNode, visitors: TestNode): Promise<void> {
  await page.goto(`${node.url}/c/fern`)
  await page.getByLabel('Your own address in the fediverse').fill('wren')
  await page.getByRole('button', { name: 'Find the way' }).click()
  await page.getByText('Write your address as @you@your.server.').waitFor()
  t.equal(await page.getByLabel('Your own address in the fediverse').inputValue(), 'wren', 'what was typed stays')
  await page.getByLabel('Your own address in the fediverse').fill(`@wren@${visitors.ctx.config.host}`)
  await page.getByRole('button', { name: 'Find the way' }).click()
  const there = `${visitors.url}/intent/follow?object=${encodeURIComponent(node.actor)}`
  await page.getByText(there).waitFor()
  await fits(t, page, 'where it leads')
  t.equal(new URL(page.url()).origin, node.url, 'the destination is shown before anybody goes there')
  await page.getByRole('link', { name: `Go to ${visitors.ctx.config.host}` }).click()
  await page.waitForURL(there)
  await page.getByText(node.actor).first().waitFor()
}

async function writes(t: Test, page: Page, node: TestNode): Promise<void> {
  await page.goto(`${node.url}/c/fern`)
  await page.getByRole('link', { name: 'Write to the community' }).click()
  await page.getByLabel('Name or nickname').fill('Wren')
  await page.getByLabel('A visit').check()
  await page.getByRole('textbox', { name: 'Message' }).fill('May I come in May?')
  node.clock.offsetMs += 4_000
  await page.getByRole('button', { name: 'Send' }).click()
  await page.waitForURL('**/inquiries/*')
  answerInquiry(node.ctx, allInquiries(node.ctx.db)[0]!.id, 'Yes, on the first weekend.')
  await page.reload()
  await page.getByText('Yes, on the first weekend.').waitFor()
  await fits(t, page, 'the conversation')
}

async function pledges(t: Test, page: Page, node: TestNode): Promise<void> {
  await page.goto(`${node.url}/c/fern`)
  await page.getByRole('link', { name: 'I would come' }).click()
  node.clock.offsetMs += 4_000
  await page.getByRole('button', { name: 'I would come' }).click()
  await page.waitForURL('**/pledges/*')
  const [pledge] = allPledges(node.ctx.db)
  if (pledge!.held) acceptPledge(node.ctx, pledge!.id)
  await page.goto(`${node.url}/c/fern`)
  await page.getByText('1 person would come; 20 are needed').waitFor()
  await fits(t, page, 'the number of pledges')
}
