import type { ComponentChildren } from 'preact'
import { safeUrl } from '../../lib/sanitise.ts'
import { shortened } from '../../lib/text.ts'
import { useWords } from './use-words.ts'

/** A name somebody else chose: isolated, so that its writing direction stays its own, and cut where it goes on for too long. */
export function Name({ children }: { children: string }) {
  const { t } = useWords()
  return <bdi>{shortened(children, 120) || t('layout.nameless')}</bdi>
}

export function Day({ date }: { date: Date }) {
  const { day } = useWords()
  return <time dateTime={date.toISOString()}>{day(date)}</time>
}

/** A link out of this site. What is not an address of the web stays text. */
export function WebLink({ href, children }: { href: string; children?: ComponentChildren }) {
  const url = safeUrl(href)
  if (!url) return <>{children ?? shortened(href, 80)}</>
  return (
    <a href={url.href} rel="nofollow noopener noreferrer">
      {children ?? shortened(url.host.replace(/^www\./, '') + (url.pathname === '/' ? '' : url.pathname), 60)}
    </a>
  )
}

/** A line of text somebody else wrote. */
export function Plain({ children, most = 500 }: { children: string; most?: number }) {
  return <bdi>{shortened(children, most)}</bdi>
}
