// npm run screenshots [-- --only=search] [-- --only=steward]: starts a node of its own with an invented community and a directory of history, and makes a
// picture of every page: the whole pages into .screenshots, what documents show into docs/pictures.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import sharp from 'sharp'
import { foundCommunity } from '../../src/actions/community.ts'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog, openNode } from '../../src/node.ts'
import { type Shot, settled, shots } from './shots.ts'
import { FERN, fillShow, giveFaces } from './show.ts'
import { stewardPictures } from './steward.ts'

const EVERYTHING = '.screenshots'
const DOCUMENTS = join('docs', 'pictures')
const WIDTHS = [1280, 360] as const
const SCHEMES = ['light', 'dark'] as const

async function main(): Promise<void> {
  const only = process.argv.find(word => word.startsWith('--only='))?.slice(7)
  const dataDir = mkdtempSync(join(tmpdir(), 'archipelago-screenshots-'))
  const port = await freePort()
  const config = readConfig({ PORT: String(port), DATA_DIR: dataDir, ALLOW_PRIVATE_ADDRESSES: 'true', LOG_LEVEL: 'error' })
  const clock = { offsetMs: 0 }
  const ctx = { ...openNode(config, createLog(config)), now: () => new Date(Date.now() + clock.offsetMs) }
  foundCommunity(ctx, FERN, 'fern')
  fillShow(ctx)
  await giveFaces(ctx)
  const app = buildApp(ctx)
  await app.server.listen(config.listen)
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] })
  for (const folder of [EVERYTHING, DOCUMENTS]) mkdirSync(folder, { recursive: true })
  try {
    if (!only || only === 'steward') await stewardPictures(browser, EVERYTHING, DOCUMENTS)
    const made = only === 'steward' ? [] : await shots(browser, config.publicUrl, clock, ctx)
    for (const shot of made.filter(({ name }) => !only || name.startsWith(only))) await pictures(browser, config.publicUrl, shot)
  } finally {
    await browser.close()
    await app.stop()
    ctx.db.$client.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function pictures(browser: Browser, origin: string, shot: Shot): Promise<void> {
  for (const width of WIDTHS)
    for (const scheme of SCHEMES) {
      if (scheme === 'dark' && !shot.both) continue
      const height = width < 500 ? 740 : 900
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: 'reduce', locale: shot.locale ?? 'en' }) // biome-ignore format: a row
      const page = await context.newPage()
      await page.goto(new URL(shot.path, origin).href)
      await shot.ready?.(page)
      await settled(page)
      const name = `${shot.name}-${width}-${scheme}`
      await page.screenshot({ path: join(EVERYTHING, `${name}.png`), fullPage: true })
      if (shot.document?.includes(`${width}-${scheme}`)) {
        const seen = sharp(await page.screenshot()).resize({ width: Math.min(width, 900) })
        await seen.webp({ quality: 72 }).toFile(join(DOCUMENTS, `${name}.webp`))
      }
      await context.close()
      console.log(name)
    }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

await main()
