import t from 'tap'
import { needPledges } from '../../src/actions/pledge.ts'
import { allInquiries } from '../../src/db/inquiry.ts'
import { allPledges } from '../../src/db/pledge.ts'
import { openBrowser, withoutBrowser } from '../helpers/browser.ts'
import { startNode } from '../helpers/node.ts'

const skip = withoutBrowser()
if (skip) console.error(skip)

t.test('a visitor writes and pledges, with JavaScript and without', { skip, timeout: 120_000 }, async t => {
  const browser = await openBrowser(t)
  for (const [width, javaScriptEnabled, colorScheme] of [
    [360, true, 'light'],
    [1280, false, 'dark'],
  ] as const)
    await t.test(`${width} px, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async t => {
      const charter = { name: 'Oak Hill', status: 'forming' as const, membershipProcess: 'First **write** to us, then come for a week.' }
      const node = await startNode(t, { charter })
      needPledges(node.ctx, 12)
      const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled, colorScheme })
      const page = await context.newPage()
      const faults: string[] = []
      page.on('pageerror', error => faults.push(String(error)))
      page.on('console', message => void (message.type() === 'error' && faults.push(message.text())))
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

      await page.goto(`${node.url}/c/oak`)
      t.equal(await wide(), 0)
      await page.getByRole('link', { name: 'Write to the community' }).click()
      await page.getByRole('heading', { name: 'Read this first' }).waitFor()
      await page.getByLabel('Name or nickname').fill('Wren')
      await page.getByLabel('A visit').check()
      await page.getByRole('textbox', { name: 'Message' }).fill('May I come in May?')
      t.equal(await wide(), 0)
      node.clock.offsetMs += 4_000
      await page.getByRole('button', { name: 'Send' }).click()
      await page.waitForURL('**/inquiries/*')
      t.equal(allInquiries(node.ctx.db)[0]?.held, !javaScriptEnabled, 'the proof is done where there is JavaScript')
      t.equal(await wide(), 0)
      await page.getByLabel('Write more').fill('Or in June.')
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByText('Or in June.').waitFor()
      await page.locator('summary', { hasText: 'Erase everything' }).click()
      await page.getByRole('button', { name: 'Erase everything' }).click()
      await page.getByRole('heading', { name: 'Erased' }).waitFor()

      await page.goto(`${node.url}/c/oak`)
      await page.getByRole('link', { name: 'I would come' }).click()
      await page.getByText('Nobody has pledged yet').waitFor()
      t.equal(await wide(), 0)
      node.clock.offsetMs += 4_000
      await page.getByRole('button', { name: 'I would come' }).click()
      await page.waitForURL('**/pledges/*')
      t.equal(allPledges(node.ctx.db)[0]?.held, !javaScriptEnabled)
      await page.getByRole('button', { name: 'Take it back' }).click()
      await page.getByRole('heading', { name: 'Taken back' }).waitFor()
      t.same(faults, [], 'no error, no refused resource')
      await context.close()
    })
})
