import type { Browser, Page } from 'playwright-core'
import { answerInquiry } from '../../src/actions/inquiry.ts'
import type { Context } from '../../src/context.ts'
import { allInquiries } from '../../src/db/inquiry.ts'

/** A page to be pictured. `both`: in both colour schemes; `document`: the views kept for documents, such as 1280-light. */
export type Shot = {
  name: string
  path: string
  both?: boolean
  locale?: string
  document?: readonly string[]
  ready?: (page: Page) => Promise<void>
}

const LIVING = ['saltmarsh@living-0.example', 'werkhof@living-2.example', 'casadovale@living-3.example']

/**
 * Every page of the web for visitors, for the pictures and for the tests in a browser; that none is forgotten is tested too. Those of a
 * seeker and of somebody who pledges are made as they make them: by the forms.
 */
export async function shots(browser: Browser, origin: string, clock: { offsetMs: number }, ctx: Context): Promise<Shot[]> {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en' })
  const page = await context.newPage()
  const inquiry = await write(page, origin, clock, ctx)
  const pledge = await pledged(page, origin, clock)
  await page.goto(`${origin}/c/fern`)
  const post = await page
    .locator('a[href*="/o/"]')
    .first()
    .evaluate((link: HTMLAnchorElement) => link.pathname)
  await context.close()
  const compared = LIVING.map(handle => `c=@${handle}`).join('&')
  const own = encodeURIComponent(`@fern@${ctx.config.host}`)
  return [
    { name: 'search', path: '/', both: true, document: ['1280-light', '360-dark'] },
    { name: 'search-map', path: '/?status=established#map', both: true, ready: seeMap, document: ['1280-dark'] },
    { name: 'search-close', path: '/?bbox=-10,36,16,54', ready: seeMap },
    { name: 'search-near', path: '/?near=Berlin&within=250' },
    { name: 'search-which', path: '/?near=Springfield&within=100' },
    { name: 'search-nothing', path: '/?q=zebra&theme=left' },
    { name: 'search-wrong', path: '/?country=Utopia' },
    { name: 'search-network', path: '/?scope=network' },
    { name: 'search-arabic', path: '/?status=established', locale: 'ar', document: ['360-light'] },
    { name: 'match', path: '/match', both: true },
    { name: 'match-wrong', path: '/match?near=Springfield&joinFee=a+lot&weight.near=must' },
    { name: 'match-found', path: '/match?setting=rural&children=yes&incomeSharing=none,partial&near=52.52,13.41&within=500&must=setting', both: true, document: ['1280-light'] }, // biome-ignore format: a row
    { name: 'compare', path: `/compare?${compared}`, both: true, document: ['1280-light'] },
    { name: 'compare-empty', path: '/compare' },
    { name: 'compare-unknown', path: '/compare?c=@nobody@nowhere.example' },
    { name: 'community', path: '/c/fern', both: true, document: ['1280-light', '360-light'] },
    { name: 'community-elsewhere', path: '/communities/living-0.example/saltmarsh' },
    { name: 'community-german', path: '/c/fern', locale: 'de' },
    { name: 'community-arabic', path: '/c/fern', locale: 'ar' },
    { name: 'charter', path: '/c/fern/charter' },
    { name: 'edition', path: '/c/fern/charter/1' },
    { name: 'diff', path: '/c/fern/charter/2/diff', both: true, document: ['1280-light'] },
    { name: 'post', path: post },
    { name: 'follow', path: `/follow?community=${own}` },
    { name: 'intent-follow', path: `/intent/follow?object=${own}` },
    { name: 'intent-object', path: `/intent/object?object=${encodeURIComponent(origin + post)}` },
    { name: 'intent-create', path: '/intent/create?content=Haymaking+on+Saturday' },
    { name: 'inquire', path: '/c/fern/inquire', both: true },
    { name: 'conversation', path: inquiry, both: true },
    { name: 'conversation-arabic', path: inquiry, locale: 'ar' },
    { name: 'inquiry-erased', path: '/inquiries/erased' },
    { name: 'pledge', path: '/c/fern/pledge' },
    { name: 'own-pledge', path: pledge, both: true },
    { name: 'pledge-withdrawn', path: '/pledges/withdrawn' },
    { name: 'about', path: '/about' },
    { name: 'api', path: '/api' },
    { name: 'network', path: '/network' },
    { name: 'policy', path: '/policy' },
    { name: 'missing', path: '/nowhere' },
    { name: 'design', path: '/design', both: true },
  ]
}

async function write(page: Page, origin: string, clock: { offsetMs: number }, ctx: Context): Promise<string> {
  await page.goto(`${origin}/c/fern/inquire`)
  await page.getByLabel('Name or nickname').fill('Wren')
  await page.getByLabel('A visit').check()
  await page
    .getByRole('textbox', { name: 'Message' })
    .fill('We are two adults and a child of six. May we come in May, and help with the hay?')
  clock.offsetMs += 5_000
  await page.getByRole('button', { name: 'Send' }).click()
  await page.waitForURL('**/inquiries/*')
  const [inquiry] = allInquiries(ctx.db)
  answerInquiry(ctx, inquiry!.id, 'Yes! Come on the first weekend of May, there is a room in the mill.')
  return new URL(page.url()).pathname
}

async function pledged(page: Page, origin: string, clock: { offsetMs: number }): Promise<string> {
  await page.goto(`${origin}/c/fern/pledge`)
  clock.offsetMs += 5_000
  await page.getByRole('button', { name: 'I would come' }).click()
  await page.waitForURL('**/pledges/*')
  return new URL(page.url()).pathname
}

async function seeMap(page: Page): Promise<void> {
  const fold = page.getByText('Show the map')
  if (await fold.isVisible()) await fold.click()
  await page.locator('.map-view').scrollIntoViewIfNeeded()
  await page.locator('.map-view.moving').waitFor()
  await page.locator('.map-canvas[data-names]').waitFor()
}

/** The map has drawn what it shows, where the page has one that moves. */
export async function settled(page: Page): Promise<void> {
  const loads = await page.locator('script[src*="/map.js"]').count()
  const map = page.locator('.map-view')
  if (loads === 0 || !(await map.isVisible())) return
  await map.scrollIntoViewIfNeeded()
  await page.locator('.map-canvas[data-names]').waitFor({ timeout: 15_000 })
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
}
