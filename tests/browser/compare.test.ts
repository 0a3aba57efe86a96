import t from 'tap'
import { openBrowser, withoutBrowser } from '../helpers/browser.ts'
import { anEntry, saveAll } from '../helpers/entries.ts'
import { startNode } from '../helpers/node.ts'

const skip = withoutBrowser()
if (skip) console.error(skip)

const LIVING = [
  { name: 'Birch Lane', setting: 'urban', incomeSharing: 'none' },
  { name: 'Elm Street', setting: 'rural', incomeSharing: 'full' },
].map(charter => anEntry({ charter: { status: 'established', ...charter } }))

t.test(
  'a seeker answers, ticks what fits, and compares; with JavaScript ticks last from page to page',
  { skip, timeout: 120_000 },
  async t => {
    const node = await startNode(t, { handle: 'oak', charter: { name: 'Oak Hill', setting: 'rural' } })
    saveAll(node.ctx.db, LIVING)
    const browser = await openBrowser(t)
    for (const javaScriptEnabled of [true, false]) {
      const context = await browser.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled })
      const page = await context.newPage()
      const faults: string[] = []
      page.on('pageerror', error => faults.push(String(error)))
      const columns = () => page.locator('.compared thead th > a:first-child').allTextContents()
      const fits = async (what: string) =>
        t.equal(
          await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
          0,
          `${what}: no scrolling sideways`,
        )

      await page.goto(`${node.url}/match`)
      await fits('the questions')
      await page.getByRole('group', { name: 'Setting' }).getByRole('checkbox', { name: 'Rural' }).check()
      await page.getByLabel('How much it matters: Setting').selectOption('must')
      await page.getByRole('button', { name: 'Show what fits' }).click()
      await page.waitForURL('**/match?setting=rural&must=setting')
      t.same(await page.locator('.entry h3').allTextContents(), ['Oak Hill', 'Elm Street'])
      await fits('what fits')
      for (const name of ['Oak Hill', 'Elm Street']) await page.getByRole('checkbox', { name: `Compare ${name}` }).check()
      await page.getByRole('button', { name: 'Compare those ticked' }).click()
      await page.waitForURL('**/compare?**')
      t.same(await columns(), ['Oak Hill', 'Elm Street'])
      await fits('the comparison')
      await page.getByRole('link', { name: /^Only differences/ }).click()
      await page.waitForURL('**only=differences')
      t.equal(await page.getByRole('rowheader', { name: 'Setting' }).count(), 0)

      await page.goto(`${node.url}/communities/birchlane.test/birchlane`)
      await page.getByRole('button', { name: 'Compare it with others' }).click()
      await page.waitForURL('**/compare?**')
      t.same(await columns(), javaScriptEnabled ? ['Birch Lane', 'Oak Hill', 'Elm Street'] : ['Birch Lane'], 'what was chosen comes along')
      await page.getByRole('link', { name: 'Remove Birch Lane' }).click()
      await page.goto(`${node.url}/?q=lane`)
      t.equal(await page.getByRole('checkbox', { name: 'Compare Birch Lane' }).isChecked(), false)
      const held = await page.locator('.tray .chosen li').allTextContents()
      t.same(held, javaScriptEnabled ? ['Oak Hill', 'Elm Street'] : [])
      t.same(faults, [])
      await context.close()
    }
  },
)
