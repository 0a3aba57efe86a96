import type { Browser, BrowserContext, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { charterOfHistory, historicCommunities } from '../../scripts/history.ts'
import { publishPost } from '../../src/actions/post.ts'
import { openBrowser, withoutBrowser } from '../helpers/browser.ts'
import { anEntry, saveAll } from '../helpers/entries.ts'
import { startNode } from '../helpers/node.ts'

const LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
const AWKWARD = [
  {
    name: LONG,
    summary: LONG.repeat(5),
    status: 'idea',
    agreements: [{ title: LONG, text: `${LONG.repeat(3)}\n\n    ${LONG.repeat(3)}\n\nhttps://a.test/${LONG}` }],
  },
  { name: 'قرية القمر', summary: 'قرية صغيرة في الجبل', status: 'forming', agreements: [{ title: 'الأرض', text: 'الأرض مشتركة بيننا.' }] },
]
// Each width with and without JavaScript, and in both colour schemes.
const VIEWS = [
  { width: 360, colorScheme: 'light', javaScriptEnabled: true },
  { width: 360, colorScheme: 'dark', javaScriptEnabled: false },
  { width: 1280, colorScheme: 'light', javaScriptEnabled: false },
  { width: 1280, colorScheme: 'dark', javaScriptEnabled: true },
] as const

const skip = withoutBrowser()
if (skip) console.error(skip)

t.test('a visitor searches, narrows, opens a community and takes its address along', { skip, timeout: 120_000 }, async t => {
  const node = await startNode(t, {
    handle: 'oak',
    charter: { name: 'Oak Hill', agreements: [{ title: 'Purpose', text: 'To live **together**.' }] },
  })
  const history = historicCommunities().map((community, n) => anEntry({ host: `h${n}.test`, charter: charterOfHistory(community) }))
  saveAll(node.ctx.db, [
    ...history,
    ...AWKWARD.map((charter, n) =>
      anEntry({ host: `${'long.'.repeat(10)}x${n}.test:44321`, handle: `handle_of_thirty_characters_${n}x`, charter }),
    ),
  ])
  publishPost(node.ctx, 'Haymaking on Saturday')
  const browser = await openBrowser(t)
  for (const view of VIEWS) {
    const name = `${view.width} px, ${view.colorScheme}, JavaScript ${view.javaScriptEnabled ? 'on' : 'off'}`
    await t.test(name, async t => {
      const { page, faults } = await openPage(browser, node.url, view)
      await walk(t, page, node.url, view.javaScriptEnabled)
      t.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'light dark')
      t.same(faults, [], 'no error, no refused resource, nothing asked of another host')
      await page.context().close()
    })
  }
})

async function walk(t: Test, page: Page, url: string, script: boolean): Promise<void> {
  await page.goto(url)
  await fits(t, page, 'the search page')
  await page.keyboard.press('Tab')
  t.equal(await page.locator(':focus').textContent(), 'Skip to the content', 'the first stop of the keyboard')
  t.equal(await page.locator(':focus').evaluate(link => getComputedStyle(link).outlineStyle), 'solid', 'and it is seen')

  await page.getByRole('searchbox').fill('farm')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/?q=farm')
  const found = await page.locator('.entry').count()
  t.ok(found > 3, 'communities with farms')
  await fits(t, page, 'what was found')

  await page
    .getByRole('navigation', { name: 'Narrow the search' })
    .getByRole('link', { name: /^Spiritual/ })
    .click()
  await page.waitForURL('**/?q=farm&theme=spiritual')
  t.ok((await page.locator('.entry').count()) < found, 'fewer are left')
  await page.getByRole('link', { name: 'Take away: Spiritual' }).click()
  await page.waitForURL('**/?q=farm')
  t.equal(await page.locator('.entry').count(), found, 'the chip takes the filter away')
  await page.getByText('Kind, country and more').click()
  await page.getByRole('link', { name: /^United States/ }).click()
  await page.waitForURL('**/?q=farm&country=US')

  await page.getByRole('link', { name: 'Brook Farm', exact: true }).click()
  await page.waitForURL('**/communities/**')
  t.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Brook Farm')
  await page.getByText('This community is history.').waitFor()
  await fits(t, page, 'a community')
  await page.getByRole('link', { name: 'What this page is' }).click()
  t.match(new URL(page.url()).hash, '#agreement-1')

  const address = (await page.locator('#address').textContent()) ?? ''
  t.match(address, /^@brookfarm@h\d+\.test$/)
  const copy = page.getByRole('button', { name: 'Copy' })
  t.equal(await copy.isVisible(), script, 'a button only where it works')
  if (script) {
    await copy.click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    t.equal(await page.evaluate(() => navigator.clipboard.readText()), address)
  }

  for (const path of [
    '/c/oak',
    '/c/oak/charter',
    '/c/oak/charter/1',
    '/about',
    '/api',
    '/nowhere',
    '/?q=donau',
    '/?q=zebra&theme=left',
    '/?status=forming',
    '/?sort=newest&near=a',
  ]) {
    await page.goto(new URL(path, url).href)
    await fits(t, page, path)
    if (script) t.equal(await shifts(page), 0, `${path}: nothing moves`)
  }
  for (const query of ['/?q=donau', '/?status=forming']) {
    await page.goto(new URL(query, url).href)
    await page.locator('.entry h3 a').click()
    await page.waitForURL('**/communities/**')
    await fits(t, page, `the community of ${query}`)
  }
}

/** Nothing sticks out to the side, and nothing is too small for a finger. */
async function fits(t: Test, page: Page, what: string): Promise<void> {
  const { wide, tiny } = await page.evaluate(() => {
    // Links within a sentence may be as high as its line.
    const inLine = (control: Element) => control.closest('p, dd, td, li:not(nav li), .prose, bdi') !== null
    const small = [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')].filter(control => {
      const { width, height } = control.getBoundingClientRect()
      return width > 0 && !inLine(control) && (width < 24 || height < 24)
    })
    const { scrollWidth, clientWidth } = document.documentElement
    return { wide: scrollWidth - clientWidth, tiny: small.map(control => control.outerHTML.slice(0, 120)) }
  })
  t.equal(wide, 0, `${what}: no scrolling sideways`)
  t.same(tiny, [], `${what}: controls are at least 24 px`)
}

/** How often something moved after it had been drawn. */
function shifts(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>(resolve => {
        let moved = 0
        const observer = new PerformanceObserver(list => {
          moved += list.getEntriesByType('layout-shift').length
          // Asked for last, so the shifts have been told before.
          if (list.getEntriesByType('navigation').length > 0) resolve(moved)
        })
        observer.observe({ type: 'layout-shift', buffered: true })
        observer.observe({ type: 'navigation', buffered: true })
      }),
  )
}

type View = (typeof VIEWS)[number]

async function openPage(
  browser: Browser,
  url: string,
  { width, colorScheme, javaScriptEnabled }: View,
): Promise<{ page: Page; faults: string[] }> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height: width < 500 ? 740 : 900 },
    colorScheme,
    javaScriptEnabled,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().includes('404')) faults.push(message.text())
  })
  page.on('request', request => {
    if (new URL(request.url()).origin !== url) faults.push(request.url())
  })
  return { page, faults }
}
