import { markdownToHtml } from '../../lib/markdown.ts'
import { sanitiseHtml } from '../../lib/sanitise.ts'

type Source = { html: string } | { markdown: string }

/**
 * Formatted text that others wrote. The only place of the web that puts HTML on a page, and it cleans what it is given,
 * whether that has been done before or not.
 */
export function Prose(source: Source) {
  const clean = 'html' in source ? sanitiseHtml(source.html) : markdownToHtml(source.markdown)
  return <div class="prose" dir="auto" dangerouslySetInnerHTML={{ __html: clean }} />
}
