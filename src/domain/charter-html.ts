import { markdownToHtml } from '../lib/markdown.ts'
import { escapeHtml } from '../lib/sanitise.ts'
import type { Charter } from './charter.ts'
import { charterFacts, type Fact } from './charter-facts.ts'

/** A charter as one piece of HTML, for readers that know articles but no charters. @param charter the public one @param said in English unless given */
export function charterHtml(charter: Charter, said: readonly Fact[] = charterFacts(charter)): string {
  const facts = said.map(({ name, value }) => `<li>${escapeHtml(name)}: ${escapeHtml(value)}</li>`)
  const agreements = (charter.agreements ?? []).map(({ title, text, url }) => {
    const link = url ? `<p><a href="${escapeHtml(url)}" rel="nofollow noopener noreferrer">${escapeHtml(url)}</a></p>` : ''
    return `<h3>${escapeHtml(title)}</h3>${text ? markdownToHtml(text) : ''}${link}`
  })
  return `<p>${escapeHtml(charter.summary)}</p><ul>${facts.join('')}</ul>${agreements.join('')}`
}
