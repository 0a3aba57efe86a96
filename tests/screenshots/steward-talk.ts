import { equal, match, notEqual, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Secret, TOTP } from 'otpauth'
import { allBlocks } from '../../src/db/block.ts'
import { keysOf } from '../../src/db/key.ts'
import { PASSWORD, press, type Walk } from './steward-steps.ts'

/** A stranger writes, a steward answers, and the stranger reads it. */
export async function answers({ page, fern, look, another }: Walk): Promise<void> {
  const stranger = await another()
  await stranger.goto(`${fern.url}/c/fern/inquire`)
  await stranger.getByLabel('Name or nickname').fill('Wren')
  await stranger.getByLabel('A visit').check()
  await stranger.getByRole('textbox', { name: 'Message' }).fill('May I come in May?')
  fern.clock.offsetMs += 4_000
  await press(stranger, 'Send')
  await stranger.waitForURL('**/inquiries/*')
  await page.goto(`${fern.url}/admin`)
  await page.getByText('1 inquiry waits for an answer.').waitFor()
  await look('overview')
  await page.goto(`${fern.url}/admin/inquiries`)
  await look('inquiries')
  await page.getByRole('link', { name: 'Wren' }).click()
  await page.getByLabel('Answer').fill('Yes, on the first weekend.')
  await look('inquiry')
  await press(page, 'Send the answer')
  await page.getByText('The answer is on its way.').waitFor()
  await page.getByLabel('Note', { exact: true }).fill('Ada fetches her.')
  await press(page, 'Keep the note')
  await page.getByText('The note is kept.').waitFor()
  await stranger.reload()
  await stranger.getByText('Yes, on the first weekend.').waitFor()
  equal(await stranger.getByText('Ada fetches her.').count(), 0, 'a note is for stewards alone')
  await stranger.context().close()
}

/** A list is read in, applied and undone; somebody is complained of. */
export async function moderates({ page, fern, oak, look }: Walk): Promise<void> {
  await page.goto(`${fern.url}/admin/moderation`)
  await look('moderation')
  await page.goto(`${fern.url}/admin/moderation/lists`)
  await page.getByLabel('Or paste the list').fill('spam.example\nscrapers.example')
  await press(page, 'Read it in')
  await page.getByText('2 servers are read in as drafts').waitFor()
  equal(allBlocks(fern.ctx.db).length, 0, 'drafts act on nobody')
  await look('blocklist')
  await press(page, 'Block those ticked')
  await page.getByText('2 servers are blocked.').waitFor()
  equal(allBlocks(fern.ctx.db).length, 2)
  await press(page, 'Undo all 2')
  await page.waitForLoadState()
  equal(allBlocks(fern.ctx.db).length, 0, 'the list is undone')
  await look('blocklist-undone')

  await page.goto(`${fern.url}/admin/moderation`)
  await page.getByLabel('Whom').fill(oak.address)
  await press(page, 'See what it would cut')
  await look('block-preview')
  await page.getByRole('link', { name: 'Leave it' }).click()

  await page.goto(`${fern.url}/admin/moderation/reports`)
  await page.getByLabel('Whom').fill(oak.address)
  await page.getByLabel('What is wrong').fill('The same advertisement every day.')
  await press(page, 'Send the report')
  await page.getByText('is on its way to those who run').waitFor()
  await look('reports')
  await press(page, 'Close', true)
  await page.getByText('is closed.').waitFor()
}

/** A lost browser is signed out; one-time codes are set up, and asked for. */
export async function guards({ page, fern, look, another }: Walk): Promise<void> {
  const lost = await another()
  await lost.goto(`${fern.url}/sign-in`)
  await lost.getByLabel('Name').fill('ada')
  await lost.getByLabel('Password').fill(PASSWORD)
  await press(lost, 'Sign in')
  await lost.waitForURL('**/admin')
  await page.goto(`${fern.url}/admin/account`)
  await look('account')
  await press(page, 'Sign this one out')
  await page.getByText('That browser is signed out.').waitFor()
  await lost.goto(`${fern.url}/admin`)
  match(lost.url(), /\/sign-in\?next=/, 'the session is over')
  await lost.context().close()

  await page.goto(`${fern.url}/admin/account/codes`)
  await confirmed(page)
  await look('codes')
  await press(page, 'Set up one-time codes')
  const secret = (await page.locator('.code-letters').innerText()).replace(/\s/g, '')
  const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: fern.ctx.now().getTime() })
  await look('codes-scan')
  await page.getByLabel('The six digits it shows now').fill(code())
  await press(page, 'Ask for codes from now on')
  equal(await page.locator('.recovery li').count(), 10)
  await look('recovery')
  await press(page, 'Sign out')
  await page.getByLabel('Name').fill('ada')
  await page.getByLabel('Password').fill(PASSWORD)
  await look('sign-in')
  await press(page, 'Sign in')
  await page.waitForURL('**/sign-in/code**')
  await look('code')
  fern.clock.offsetMs += 30_000
  await page.getByLabel('Code', { exact: true }).fill(code())
  await press(page, 'Sign in')
  await page.waitForURL('**/admin')
}

/** What is seldom done: new keys, a backup, everything as files, a person forgotten. */
export async function keeps({ page, fern, oak, look }: Walk): Promise<void> {
  await page.goto(`${fern.url}/admin/node`)
  await press(page, 'Make a backup now')
  await page
    .getByText(/The backup is (being )?made/)
    .first()
    .waitFor()
  // A slow machine goes on with it behind the page.
  const made = page.getByRole('link', { name: /^Download archipelago-/ })
  for (let looks = 0; looks < 100 && (await made.count()) === 0; looks += 1) await page.reload()
  equal(await made.count(), 1, 'there is a backup to be fetched')
  await look('node')
  const before = keysOf(fern.ctx.db, fern.actor)[0]!.id
  await page.goto(`${fern.url}/admin/settings`)
  await look('settings')
  await press(page, 'Sign with new keys')
  if (await confirmed(page)) await press(page, 'Sign with new keys')
  await page.getByText('new keys are in use.').waitFor()
  notEqual(keysOf(fern.ctx.db, fern.actor)[0]!.id, before)
  await page.goto(`${fern.url}/admin/settings`)
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download')])
  equal(
    readFileSync(await download.path())
      .subarray(0, 2)
      .toString(),
    'PK',
    'an archive',
  )
  await page.goto(`${fern.url}/admin/settings/erase-person`)
  await page.getByLabel('Whom').fill(oak.address)
  await press(page, 'See what there is')
  await look('erase-person')
  await page.getByLabel(/once more: it can’t be undone/).fill(oak.address)
  await press(page, 'Erase all that')
  await page.getByText(/things? (is|are) erased\./).waitFor()
  await page.goto(`${fern.url}/admin/audit`)
  await look('audit')
  const names = await page.locator('main, .admin-page').first().innerText()
  ok(names.includes('ada') && !names.includes('Wren'), 'the log names stewards, and no stranger')
}

/** The end: everything is gone, and whoever comes is told. */
export async function ends({ page, fern, look }: Walk): Promise<void> {
  await page.goto(`${fern.url}/admin/settings/erase-node`)
  await look('erase-node')
  await page.getByLabel(/^Type /).fill('something else')
  await press(page, 'End the community')
  await page.getByRole('alert').waitFor()
  await look('erase-node-wrong')
  const typed = /^Type (.+) to do this\.$/.exec(await page.locator('label[for=typed]').innerText())![1]!
  await page.getByLabel(/^Type /).fill(typed)
  await press(page, 'End the community')
  await page.waitForURL(`${fern.url}/`)
  equal((await fetch(fern.actor, { headers: { accept: 'application/activity+json' } })).status, 410, 'the community is gone')
  equal((await page.goto(`${fern.url}/admin`))?.status(), 410, 'and there is nobody left to sign in')
}

/** Gives the password where a page asks for it again. */
async function confirmed(page: Walk['page']): Promise<boolean> {
  if (!page.url().includes('/admin/confirm')) return false
  await page.getByLabel('Password').fill(PASSWORD)
  await press(page, 'Go on')
  return true
}
