import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import type { Test } from 'tap'

const CHROMIUM = '/usr/bin/chromium'
// It talks to nobody but the node under test.
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Why there can be no browser here, or false. On a machine that tests for everybody that is no excuse. */
export function withoutBrowser(): string | false {
  if (existsSync(CHROMIUM) || process.env.CI === 'true') return false
  return `NOT TESTED IN A BROWSER: there is no ${CHROMIUM}. Install it with: apt-get install chromium`
}

export async function openBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  t.teardown(() => browser.close())
  return browser
}
