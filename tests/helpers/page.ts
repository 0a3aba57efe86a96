import type { TestNode } from './node.ts'

export type TestPage = { status: number; headers: Headers; html: string; text: string }

/** A page of a node as a browser without JavaScript gets it. `text` is what a visitor reads. */
export async function visit(node: Pick<TestNode, 'get'>, path: string): Promise<TestPage> {
  const response = await node.get(path, 'text/html,application/xhtml+xml,*/*;q=0.8')
  const html = await response.text()
  return { status: response.status, headers: response.headers, html, text: words(html.slice(html.indexOf('<main'))) }
}

/** Where the link with these words leads. */
export function linkTo({ html }: Pick<TestPage, 'html'>, text: string): string | undefined {
  for (const [, href, inner = ''] of html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs))
    if (words(inner) === text) return plain(href ?? '')
  return undefined
}

/** The names of the communities on a page of results, in their order. */
export function namesFound({ html }: Pick<TestPage, 'html'>): string[] {
  return [...html.matchAll(/<h3><a href="[^"]*"><bdi>(.*?)<\/bdi>/g)].map(([, name]) => plain(name ?? ''))
}

function words(html: string): string {
  return plain(html.replace(/<wbr\/?>/g, '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
}

function plain(html: string): string {
  return html
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
}
