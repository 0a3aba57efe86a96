import { gzipSync } from 'node:zlib'
import { chromium, type Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'
const VISITS = 5

/** What a browser that was never there before needs for a page. */
export type Seen = {
  /** Of all that is sent, compressed as a proxy in front of the node does it (gzip), in kilobytes of 1,000 bytes. */
  kb: number
  /** When the largest part of the page was painted, and how much of it moved afterwards: medians, the latter the worst. */
  lcpMs: number
  cls: number
}

/** Opens a page several times, each in a browser profile of its own. */
export async function seen(url: string, { width, map }: { width: number; map: boolean }): Promise<Seen> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
  try {
    const visits: Seen[] = []
    for (let n = 0; n < VISITS; n += 1) {
      const context = await browser.newContext({
        viewport: { width, height: width < 500 ? 740 : 900 },
        locale: 'en',
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      const sent: Promise<number>[] = []
      page.on('response', response => {
        if (new URL(response.url()).protocol !== 'data:') sent.push(response.body().then(compressed, () => 0))
      })
      await page.goto(url, { waitUntil: 'load' })
      if (map) await page.locator('.map-canvas[data-names]').waitFor({ timeout: 20_000 })
      const { lcpMs, cls } = await painted(page)
      const sizes = await Promise.all(sent)
      visits.push({ kb: sizes.reduce((sum, bytes) => sum + bytes, 0) / 1000, lcpMs, cls })
      await context.close()
    }
    const middle = (pick: (visit: Seen) => number) => visits.map(pick).sort((a, b) => a - b)[VISITS >> 1]!
    return {
      kb: Math.max(...visits.map(({ kb }) => kb)),
      lcpMs: middle(({ lcpMs }) => lcpMs),
      cls: Math.max(...visits.map(({ cls }) => cls)),
    }
  } finally {
    await browser.close()
  }
}

// Pictures are compressed already; what comes out larger is sent as it is.
function compressed(body: Buffer): number {
  return Math.min(body.length, gzipSync(body, { level: 6 }).length)
}

function painted(page: Page): Promise<{ lcpMs: number; cls: number }> {
  return page.evaluate(
    () =>
      new Promise<{ lcpMs: number; cls: number }>(resolve => {
        let [lcpMs, cls] = [0, 0]
        const observer = new PerformanceObserver(list => {
          for (const entry of list.getEntriesByType('largest-contentful-paint')) lcpMs = entry.startTime
          for (const entry of list.getEntriesByType('layout-shift')) cls += (entry as unknown as { value: number }).value
          // Asked for last, so the others have been told before.
          if (list.getEntriesByType('navigation').length > 0) resolve({ lcpMs, cls })
        })
        observer.observe({ type: 'largest-contentful-paint', buffered: true })
        observer.observe({ type: 'layout-shift', buffered: true })
        observer.observe({ type: 'navigation', buffered: true })
      }),
  )
}
