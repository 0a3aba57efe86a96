import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { openBrowser, withoutBrowser } from '../helpers/browser.ts'
import { accessible, fits, walkedByKeyboard, watchFaults } from '../helpers/inspect.ts'
import { startNode } from '../helpers/node.ts'
import { answers, ends, guards, keeps, moderates } from '../screenshots/steward-talk.ts'
import { edits, firstRun, follows, invites, posts } from '../screenshots/steward-walk.ts'

const skip = withoutBrowser()
if (skip) console.error(skip)
// Four times the whole way: more than one file of tests has otherwise.
t.setTimeout(800_000)

const VIEWS = [
  { width: 360, javaScriptEnabled: true },
  { width: 360, javaScriptEnabled: false },
  { width: 1280, javaScriptEnabled: true },
  { width: 1280, javaScriptEnabled: false },
] as const
const STEPS = { firstRun, invites, edits, posts, follows, answers, moderates, guards, keeps, ends }

t.test('a steward runs a node without a terminal, from the first link to the end', { skip, timeout: 800_000 }, async t => {
  const browser = await openBrowser(t)
  for (const { width, javaScriptEnabled } of VIEWS)
    await t.test(`${width} px, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, { timeout: 200_000 }, async t => {
      const folder = t.testdir()
      const file = join(folder, 'archipelago.sqlite')
      const fern = await startNode(t, { handle: 'fern', founded: false, file, env: { DATA_DIR: folder } })
      const oak = await startNode(t, { handle: 'oak', charter: { name: 'Oak Hill' } })
      const viewport = { width, height: width < 500 ? 740 : 900 }
      const open = () => browser.newContext({ viewport, javaScriptEnabled, reducedMotion: 'reduce', locale: 'en' })
      const context = await open()
      const faults = watchFaults(context, [fern.url, oak.url])
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      const another = async () => (await open()).newPage()
      const judge = javaScriptEnabled ? page : await (await browser.newContext({ viewport, reducedMotion: 'reduce' })).newPage()
      const look = async (what: string) => {
        await fits(t, page, what)
        if (judge !== page) await copyTo(judge, page)
        for (const colorScheme of ['light', 'dark'] as const) {
          await judge.emulateMedia({ colorScheme })
          await accessible(t, judge, `${what}, ${colorScheme}`)
        }
        if (javaScriptEnabled) await walkedByKeyboard(t, page, what)
      }
      for (const [name, step] of Object.entries(STEPS)) {
        t.comment(name)
        await step({ page, fern, oak, look, another, script: javaScriptEnabled })
      }
      t.same(faults, [], 'no error, nothing refused, nothing asked of anybody else')
      await context.close()
    })
})

/** Shows another browser the page as it stands, without its scripts: axe needs JavaScript to run. */
async function copyTo(judge: Page, page: Page): Promise<void> {
  const body = (await page.content()).replace(/<script\b[^>]*\bsrc=[^>]*><\/script>/g, '')
  await judge.route(page.url(), route => route.fulfill({ contentType: 'text/html; charset=utf-8', body }), { times: 1 })
  await judge.goto(page.url())
}
