import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import type { Test } from 'tap'
import { startNode } from '../helpers/node.ts'
import { answers, guards, keeps, moderates } from './steward-talk.ts'
import { edits, firstRun, follows, invites, posts } from './steward-walk.ts'

/** What docs/steward-guide.md shows of the way that tests/browser/steward.test.ts walks. */
const SHOWN = ['join', 'charter', 'place', 'found', 'overview', 'changes', 'post-preview', 'request', 'block-preview', 'node']

/** Walks as a steward through a node of its own: each page into `everything`, what the guide shows into `documents`. */
export async function stewardPictures(browser: Browser, everything: string, documents: string): Promise<void> {
  const endings: (() => unknown)[] = []
  // Of a test a node needs no more than that it ends.
  const until = { teardown: (end: () => unknown) => void endings.push(end) } as unknown as Test
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-steward-'))
  const file = join(folder, 'archipelago.sqlite')
  const fern = await startNode(until, { founded: false, handle: 'fern', file, env: { DATA_DIR: folder } })
  const oak = await startNode(until, { handle: 'oak', charter: { name: 'Oak Hill' } })
  const open = () => browser.newContext({ viewport: { width: 1100, height: 760 }, reducedMotion: 'reduce', locale: 'en' })
  const context = await open()
  const page = await context.newPage()
  const look = async (what: string) => {
    const name = `steward-${what}`
    await page.screenshot({ path: join(everything, `${name}.png`), fullPage: true })
    console.log(name)
    if (!SHOWN.includes(what)) return
    const top = what === 'place' ? page.locator('#place-map') : page.locator('body')
    await top.evaluate(part => part.scrollIntoView({ block: 'start', behavior: 'instant' }))
    await sharp(await page.screenshot())
      .resize({ width: 900 })
      .webp({ quality: 72 })
      .toFile(join(documents, `${name}.webp`))
  }
  const another = async () => (await open()).newPage()
  try {
    for (const step of [firstRun, invites, edits, posts, follows, answers, moderates, guards, keeps])
      await step({ page, fern, oak, look, another, script: true })
  } finally {
    await context.close()
    for (const end of endings) await end()
    rmSync(folder, { recursive: true, force: true })
  }
}
