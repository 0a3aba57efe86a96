import { createRequire } from 'node:module'
import type MarkdownIt from 'markdown-it'
import { lazy } from './lazy.ts'
import { bounded, sanitiseHtml } from './sanitise.ts'

/**
 * Markdown (CommonMark, bare addresses become links) to clean HTML. HTML inside it is shown as the text it is; pictures become links.
 * Never throws; text beyond 100,000 characters is cut off.
 */
export function markdownToHtml(markdown: string): string {
  return sanitiseHtml(parser().render(bounded(markdown)))
}

const parser = lazy(makeParser)

function makeParser(): InstanceType<typeof MarkdownIt> {
  const Parser = createRequire(import.meta.url)('markdown-it') as typeof MarkdownIt
  const md = new Parser({ html: false, linkify: true, maxNesting: 20 })
  md.disable('table')
  md.linkify.set({ fuzzyEmail: false })
  md.renderer.rules.image = (tokens, index) => {
    const token = tokens[index]
    const href = md.utils.escapeHtml(String(token?.attrGet('src') ?? ''))
    return `<a href="${href}">${md.utils.escapeHtml(token?.content || href)}</a>`
  }
  return md
}
