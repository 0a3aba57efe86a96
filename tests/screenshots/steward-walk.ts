import { equal, match } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { followActor } from '../../src/actions/following.ts'
import { offerFirst } from '../../src/actions/steward.ts'
import { settle } from '../helpers/node.ts'
import { PASSWORD, press, type Walk } from './steward-steps.ts'

/** From the one-time link to a community that others can find. */
export async function firstRun({ page, fern, oak, look }: Walk): Promise<void> {
  await page.goto(`${fern.url}/join/${offerFirst(fern.ctx).token}`)
  await look('join')
  await account(page, 'ada')
  await page.waitForURL('**/admin/first-run')
  await look('first-run')
  await page.getByRole('link', { name: 'Begin the charter' }).click()
  await page.getByLabel(/^Name/).first().fill('Fern Hollow')
  await page
    .getByLabel(/^Summary/)
    .fill('A farm in the making on the edge of a small town: shared kitchen, own rooms, vegetables for forty people.')
  await page.getByRole('checkbox', { name: 'Ecovillage' }).check()
  await page.locator('[name="theme"]').selectOption('ecological')
  await page.locator('[name="status"]').selectOption('forming')
  await look('charter')
  await press(page, 'Save and go on')
  await page.goto(`${fern.url}/admin/first-run`)
  await page.getByRole('link', { name: 'Say where' }).click()
  await page.locator('[name="place.country"]').selectOption('DE')
  await page.locator('[name="place.locality"]').fill('Bad Belzig')
  await page.locator('[name="place.latitude"]').fill('52.1423')
  await page.locator('[name="place.longitude"]').fill('12.5917')
  await page.getByRole('radio', { name: /^Town/ }).check()
  await press(page, 'Save')
  await look('place')
  await page.goto(`${fern.url}/admin/charter/preview`)
  await page.getByRole('heading', { level: 1, name: 'Fern Hollow' }).waitFor()
  await look('preview')
  await page.goto(`${fern.url}/admin/first-run`)
  await look('found')
  await page.getByLabel('Handle').fill('fern')
  await page.getByRole('radio', { name: 'Yes, others may find us' }).check()
  await press(page, 'Found the community')
  await page.getByText('Your community is founded and public').waitFor()
  await look('peers')
  await page.getByLabel('Address or handle').fill(oak.address)
  await press(page, 'Meet')
  await page.getByText(`You know ${oak.address} now.`).waitFor()
  await look('set-up')
  const seen = await (await fetch(`${fern.url}/c/fern`, { headers: { accept: 'text/html' } })).text()
  match(seen, /Fern Hollow/, 'anybody can see it')
  equal(seen.includes('52.1423'), false, 'the exact place stays on the node')
}

/** Somebody else becomes a steward by a link, and can do no more than their role says. */
export async function invites({ page, fern, look, another }: Walk): Promise<void> {
  await page.goto(`${fern.url}/admin/stewards`)
  await look('stewards')
  await page.getByRole('radio', { name: /^moderator/ }).check()
  await press(page, 'Make the link')
  const link = await page.locator('code.address').innerText()
  await look('invitation')
  const other = await another()
  await other.goto(link)
  await account(other, 'bo')
  await other.waitForURL('**/admin')
  equal(await other.getByRole('link', { name: 'Settings', exact: true }).count(), 0, 'a moderator has no settings')
  equal((await other.goto(`${fern.url}/admin/settings`))?.status(), 403)
  await other.context().close()
  equal((await fetch(link)).status, 404, 'the link works once')
}

/** A second edition: written, looked at as visitors will see it, published. */
export async function edits({ page, fern, look }: Walk): Promise<void> {
  await page.goto(`${fern.url}/admin/charter/edit/identity`)
  await page.getByLabel(/^Summary/).fill('A farm on the edge of a small town: shared kitchen, own rooms, vegetables for sixty people.')
  await press(page, 'Save', true)
  await page.goto(`${fern.url}/admin/charter`)
  await look('charter-whole')
  await page.getByRole('link', { name: 'Look at the changes and publish' }).click()
  await page.locator('ins', { hasText: 'sixty' }).first().waitFor()
  await look('changes')
  await press(page, 'Publish edition 2')
  await page.getByText('Edition 2 is published.').waitFor()
  await press(page, 'It is all still true')
  await page.getByText('is confirmed as still true').waitFor()
}

/** A post with a picture: what the picture shows has to be said. */
export async function posts({ page, fern, look, script }: Walk): Promise<void> {
  await page.goto(`${fern.url}/admin/posts/new`)
  await page.getByLabel('Text', { exact: true }).fill('The first **hens** have moved in.')
  await page
    .getByLabel('Add pictures')
    .setInputFiles({ name: 'hens.png', mimeType: 'image/png', buffer: readFileSync('src/web/public/header.png') })
  if (!script) await press(page, 'Load the pictures and describe them')
  const alt = page.getByLabel('What the picture shows')
  await alt.waitFor()
  await press(page, 'Publish')
  await page.getByText('This has not been published yet.').waitFor()
  await look('post-wrong')
  await alt.fill('Four hens in front of a new fence')
  await press(page, 'Preview')
  await page.getByRole('heading', { name: 'This is how it will look' }).waitFor()
  await look('post-preview')
  await press(page, 'Publish')
  await page.getByText('It is published.').waitFor()
  await look('post')
  await page.goto(`${fern.url}/admin/posts`)
  await look('posts')
  await page.goto(`${fern.url}/c/fern`)
  await page.getByRole('img', { name: 'Four hens in front of a new fence' }).first().waitFor()
}

/** Two nodes follow each other: one asks and is answered, the other is asked and approves. */
export async function follows({ page, fern, oak, look }: Walk): Promise<void> {
  await page.goto(`${fern.url}/admin/people`)
  await press(page, 'Have a steward approve first')
  await page.getByText('From now on a steward approves first.').waitFor()
  await settle(fern, oak)
  await page.goto(`${fern.url}/admin/people/following`)
  await page.getByText('Followed', { exact: true }).waitFor()
  await press(page, 'Unfollow', true)
  await page.getByText('is not followed any more.').waitFor()
  await page.getByLabel('Find a community or a person').fill(oak.address)
  await press(page, 'Search')
  await look('follow')
  await press(page, `Follow: ${oak.address}`)
  await page.getByText(`${oak.address} is asked.`).waitFor()
  followActor(oak.ctx, fern.actor)
  await settle(fern, oak)
  await page.goto(`${fern.url}/admin/people/following`)
  await page.getByText('Followed', { exact: true }).waitFor()
  await look('following')
  await page.goto(`${fern.url}/admin/people`)
  await look('request')
  await press(page, `Approve: ${oak.address}`)
  await page.getByText(`${oak.address} follows you now.`).waitFor()
  await settle(fern, oak)
  await look('followers')
  await page.goto(`${fern.url}/admin/people/following`)
  await page.getByRole('link', { name: 'Import a list of whom to follow' }).click()
  const list = [oak.address, oak.address.replace('oak', 'wren'), 'nobody at all'].join('\n')
  await page.getByLabel('Or paste the list').fill(list)
  await press(page, 'Look through it')
  await page.getByText('2 addresses read; 1 new.').waitFor()
  await look('follow-list')
  await press(page, 'Ask those ticked')
  await page.getByText('1 is looked for and asked.').waitFor()
  await look('follow-list-asked')
}

async function account(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name here').fill(name)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByLabel('The same once more').fill(PASSWORD)
  await press(page, 'Make the account')
}
