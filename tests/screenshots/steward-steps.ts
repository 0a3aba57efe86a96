import type { Page } from 'playwright-core'
import type { TestNode } from '../helpers/node.ts'

export const PASSWORD = 'a long way to the sea'

/** What a walk through the stewards' pages is given. Its steps throw where a page is not as they say. */
export type Walk = {
  page: Page
  /** The node of the steward, which is empty at first. */
  fern: TestNode
  /** A neighbour, with a community of its own. */
  oak: TestNode
  script: boolean
  /** The page is now as `what` says: the moment to look at it. */
  look: (what: string) => Promise<void>
  /** Another person's browser, of the same kind. */
  another: () => Promise<Page>
}

/** Presses a button of this name, the first where several bear it. */
export async function press(page: Page, name: string, loosely = false): Promise<void> {
  await page.getByRole('button', { name, exact: !loosely }).first().click()
}
