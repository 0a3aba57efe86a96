/** Text as it may stand in XML 1.0, in an element or in an attribute. Characters that XML has no way to write are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

/** An element with attributes and, unless it is empty, a body that is XML already. */
export function element(name: string, attributes: Record<string, string | undefined>, ...body: readonly string[]): string {
  const given = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escapeXml(value)}"`]))
  return body.length === 0 ? `<${name}${given.join('')}/>` : `<${name}${given.join('')}>${body.join('')}</${name}>`
}

export function document(root: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${root}\n`
}
