import sharp from 'sharp'
import t from 'tap'
import { currentEdition } from '../../src/db/charter.ts'
import { draftOf } from '../../src/db/draft.ts'
import { attachmentsOf } from '../../src/db/media.ts'
import { ownPosts } from '../../src/db/own-post.ts'
import { openBrowser, withoutBrowser } from '../helpers/browser.ts'
import { until } from '../helpers/command.ts'
import { accessible, fits } from '../helpers/inspect.ts'
import { startNode } from '../helpers/node.ts'
import { signedIn } from '../helpers/steward.ts'

const skip = withoutBrowser()
if (skip) console.error(skip)

t.test(
  'a steward edits the charter and publishes a post with a picture, with JavaScript and without',
  { skip, timeout: 240_000 },
  async t => {
    const browser = await openBrowser(t)
    const picture = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#579' } })
      .png()
      .toBuffer()
    for (const [width, javaScriptEnabled, colorScheme] of [
      [360, true, 'light'],
      [1280, false, 'dark'],
    ] as const)
      await t.test(`${width} px, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async t => {
        const place = { precision: 'locality' as const, country: 'ES' as const, latitude: 42.18, longitude: 2.49 }
        const node = await startNode(t, { charter: { name: 'Oak Hill', place } })
        const { db } = node.ctx
        const { steward, cookie } = await signedIn(node)
        const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled, colorScheme })
        const [name = '', value = ''] = cookie.split('=')
        await context.addCookies([{ name, value, url: node.url }])
        const page = await context.newPage()
        const faults: string[] = []
        page.on('pageerror', error => faults.push(String(error)))
        page.on('console', message => void (message.type() === 'error' && faults.push(message.text())))
        const looksRight = async (what: string) => {
          await fits(t, page, what)
          // The same page once is enough, and quicker where scripts run.
          if (javaScriptEnabled) await accessible(t, page, what)
        }

        await page.goto(`${node.url}/admin/charter`)
        await looksRight('the charter')
        await page.locator('ol.sections').getByRole('link', { name: 'Joining and visiting' }).click()
        await page.getByRole('textbox', { name: 'Adults' }).fill('17')
        if (javaScriptEnabled) {
          await page.getByText(/^Saved at/).waitFor()
          t.match(draftOf(db, steward.id)?.raw, { adults: '17' }, 'kept while it was typed')
          await page.goto('about:blank')
          await page.goto(`${node.url}/admin/charter/edit/membership`)
          t.equal(await page.getByRole('textbox', { name: 'Adults' }).inputValue(), '17', 'who leaves finds it again')
          await page.getByRole('textbox', { name: 'Adults' }).fill('18')
        } else await page.getByRole('textbox', { name: 'Adults' }).fill('18')
        await looksRight('a section')
        // With a script this is pressed before the last letters are kept: both arrive.
        await page.getByRole('button', { name: 'Save and go on' }).click()
        await page.waitForURL('**/edit/place')
        t.match(draftOf(db, steward.id)?.raw, { adults: '18' })

        await page.getByText('A circle of about 8 km on the map.').waitFor()
        await looksRight('the place')
        if (javaScriptEnabled) {
          await page.locator('.place-picture .leaflet-container').click({ position: { x: 60, y: 90 } })
          await until(() => draftOf(db, steward.id)?.raw.place && !JSON.stringify(draftOf(db, steward.id)?.raw.place).includes('42.18'))
          t.not(await page.getByRole('textbox', { name: 'Latitude' }).inputValue(), '42.18', 'the mark is where it was put')
        }
        await page.getByRole('radio', { name: /Country only/ }).check()
        await page.getByRole('button', { name: 'Save', exact: true }).click()
        await page.getByText('The whole country on the map.').waitFor()

        await page.goto(`${node.url}/admin/charter/preview`)
        await page.getByText('A preview that only you see.').waitFor()
        await page.goto(`${node.url}/admin/charter/changes`)
        await looksRight('what changes')
        await page.getByRole('button', { name: 'Publish edition 2' }).click()
        await page.getByText('Edition 2 is published.').waitFor()
        t.match(currentEdition(db)?.charter, { adults: 18, place: { precision: 'country' } })
        await page.getByRole('button', { name: 'It is all still true' }).click()
        await page.getByText('is confirmed as still true on').waitFor()

        await page.goto(`${node.url}/admin/posts/new`)
        await page.getByLabel('Text', { exact: true }).fill('Our goat')
        await page.getByLabel('Add pictures').setInputFiles({ name: 'goat.png', mimeType: 'image/png', buffer: picture })
        if (!javaScriptEnabled) await page.getByRole('button', { name: 'Load the pictures' }).click()
        await page.getByLabel('What the picture shows').fill('A white goat')
        await looksRight('a post')
        await page.getByRole('button', { name: 'Publish' }).click()
        await page.getByText('It is published.').waitFor()
        const [post] = ownPosts(db, { limit: 1 })
        t.match(attachmentsOf(db, post!.id), [{ alt: 'A white goat' }])
        await looksRight('the post')
        t.same(faults, [], 'no error, no refused resource')
        await context.close()
      })
  },
)
