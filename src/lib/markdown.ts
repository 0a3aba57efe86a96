import { createRequire } from 'node:module'
import type MarkdownIt from 'markdown-it'
import { lazy } from './lazy.ts'
import { bounded, isWhole, LONGEST_TEXT, sanitiseHtml } from './sanitise.ts'

/**
 * Markdown (CommonMark, bare addresses become links) to clean HTML. HTML inside it is shown as the text it is; pictures become links.
 * Never throws; text beyond 100,000 characters is cut off.
 * @param lines whether the end of a line is a space, as CommonMark has it, or a new line, as people mean it who write a few words
 */
export function markdownToHtml(markdown: string, lines: 'flow' | 'break' = 'flow'): string {
  return sanitiseHtml((lines === 'flow' ? parser : breaker)().render(bounded(markdown)))
}

/** Whether {@link markdownToHtml} shows all of a text, each of its lines as a new line. */
export function fitsHtml(markdown: string): boolean {
  return markdown.length <= LONGEST_TEXT && isWhole(breaker().render(markdown))
}

const parser = lazy(() => makeParser(false))
const breaker = lazy(() => makeParser(true))

function makeParser(breaks: boolean): InstanceType<typeof MarkdownIt> {
  const Parser = createRequire(import.meta.url)('markdown-it') as typeof MarkdownIt
  const md = new Parser({ html: false, linkify: true, breaks, maxNesting: 20 })
  md.disable('table')
  md.linkify.set({ fuzzyEmail: false })
  md.renderer.rules.image = (tokens, index) => {
    const token = tokens[index]
    const href = md.utils.escapeHtml(String(token?.attrGet('src') ?? ''))
    return `<a href="${href}">${md.utils.escapeHtml(token?.content || href)}</a>`
  }
  return md
}
