export type XmlNode = { name: string; attributes: Record<string, string>; children: XmlNode[]; text: string }

/** The root of an XML document without DOCTYPE, comments and CDATA. @throws where it is not well-formed */
export function parseXml(source: string): XmlNode {
  const top: XmlNode = { name: '', attributes: {}, children: [], text: '' }
  const open = [top]
  const body = source.replace(/^<\?xml version="1\.0" encoding="utf-8"\?>\n/, '')
  if (body === source) throw new Error('It does not begin with an XML declaration.')
  const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(body)
  if (illegal) throw new Error(`It holds U+${illegal[0].codePointAt(0)?.toString(16)}.`)
  for (const token of body.match(/<[^>]*>|[^<]+/g) ?? []) {
    const here = open.at(-1)!
    if (!token.startsWith('<')) here.text += unescaped(token)
    else if (token.startsWith('</')) {
      if (token !== `</${here.name}>`) throw new Error(`${token} ends ${here.name}.`)
      open.pop()
    } else {
      const [, name = '', attributes = '', end] = /^<([a-z][\w:]*)((?: [\w:]+="[^"<]*")*)(\/?)>$/i.exec(token) ?? []
      if (!name) throw new Error(`${token} is no tag.`)
      const pairs = [...attributes.matchAll(/ ([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescaped(value!)])
      const child = { name, attributes: Object.fromEntries(pairs) as Record<string, string>, children: [], text: '' }
      here.children.push(child)
      if (!end) open.push(child)
    }
  }
  if (open.length !== 1 || top.children.length !== 1) throw new Error('It is not one element.')
  return top.children[0]!
}

export function childrenOf({ children }: XmlNode, name: string): XmlNode[] {
  return children.filter(child => child.name === name)
}

export function textOf(node: XmlNode, name: string): string | undefined {
  return childrenOf(node, name)[0]?.text
}

function unescaped(text: string): string {
  if (/&(?!#\d+;|amp;|lt;|gt;|quot;)/.test(text)) throw new Error(`A bare & in ${text.slice(0, 80)}`)
  return text.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_, code: string | undefined, name: string) =>
    code ? String.fromCodePoint(Number(code)) : ({ amp: '&', lt: '<', gt: '>' }[name] ?? '"'),
  )
}
