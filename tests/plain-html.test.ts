import fc from 'fast-check'
import t from 'tap'
import { plainHtml } from '../src/lib/plain-html.ts'
import { parsedHtml, safeUrl, sanitiseHtml } from '../src/lib/sanitise.ts'

const CLASSES = ['mention', 'hashtag', 'u-url', 'h-card', 'invisible', 'ellipsis', 'quote-inline']
const RULES = { classes: { a: CLASSES, span: CLASSES }, rel: 'nofollow noopener noreferrer', safeUrl }
const plain = (html: string) => plainHtml(html, RULES)

const POSTS = [
  'words, “more” and a line\nbreak',
  '<p>One.</p><p>Two<br>three<br/>four<br />five</p>',
  '<p>The beans are up. <a href="https://a.example/tags/beans" class="mention hashtag" rel="tag">#<span>beans</span></a></p>',
  '<p><span class="h-card" translate="no"><a href="https://a.example/@b" class="u-url mention">@<span>b</span></a></span> hello</p>',
  '<p><a href="https://a.example/long" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">https://</span><span class="">a.example/long</span></a></p>',
  '<p><strong>Bold <em>and</em></strong> <code>code</code></p>',
]

t.test('a post as most are written is read without a parser, and comes out the same', t => {
  for (const post of POSTS.filter(post => !post.includes('class=""'))) {
    t.equal(plain(post), parsedHtml(post), post)
    t.ok(plain(post) !== undefined, 'read')
  }
  t.end()
})

t.test('whatever is not plain is left to the parser', t => {
  for (const html of [
    ...[
      '<p>a',
      '</p>',
      '<p>a</b></p>',
      '<p><p>a</p></p>',
      '<span><p>a</p></span>',
      '<b>a<p>b</p></b>',
      'a &amp; b',
      'a & b',
      'a > b',
      '<',
      '< p>',
    ],
    ...[
      '<script>x</script>',
      '<P>a</P>',
      '<p class="x">a</p>',
      '<p onclick="x">a</p>',
      '<a>x</a>',
      '<a href="javascript:x">x</a>',
      '<br></br>',
    ],
    ...[
      '<a href="https://a.example/" href="https://b.example/">x</a>',
      "<a href='https://a.example/'>x</a>",
      '<a href=https://a.example/>x</a>',
    ],
    ...[
      '<a href="https://a.example/"><a href="https://b.example/">x</a></a>',
      '<a href="https://a.example/?a&b">x</a>',
      '<p/>',
      '<span/>',
      '<b x="y">z</b>',
    ],
    ...[
      '<a href="https://u@a.example/">x</a>',
      '<a href="https://a.example/" class="evil">x</a>',
      '<span style="x">y</span>',
      '<!-- x -->',
      '<p\n>a</p>',
    ],
  ])
    t.equal(plain(html), undefined, html)
  t.end()
})

t.test('on any HTML it agrees with the parser, or is silent', t => {
  const tags = [
    'p',
    'br',
    'span',
    'a',
    'strong',
    'em',
    'b',
    'i',
    'u',
    'del',
    'code',
    'script',
    'div',
    'h1',
    'ul',
    'svg',
    'P',
    'pre',
    'title',
  ]
  const urls = [
    'https://a.example/x',
    'HTTPS://A.example',
    'http://a.example/ x',
    'https://a.example/"',
    "https://a.example/'",
    'x',
    '',
    '//a',
    'javascript:x',
  ]
  const attribute = fc
    .tuple(
      fc.constantFrom('href', 'class', 'rel', 'target', 'translate', 'lang', 'style', 'onclick', 'title'),
      fc.oneof(
        fc.constantFrom(...urls, ...CLASSES, 'mention hashtag', 'mention  hashtag', ' mention', 'no', 'evil'),
        fc.string({ unit: 'binary', maxLength: 6 }),
      ),
    )
    .map(([name, value]) => ` ${name}="${value}"`)
  const opening = fc
    .tuple(fc.constantFrom(...tags), fc.array(attribute, { maxLength: 3 }), fc.constantFrom('', '', '', '/', ' /'))
    .map(([tag, attributes, end]) => `<${tag}${attributes.join('')}${end}>`)
  const closing = fc.constantFrom(...tags).map(tag => `</${tag}>`)
  const words = fc.oneof(
    fc.constantFrom('a', ' ', '\n', '&amp;', '"', "'", 'é', '\u{1f600}', '\0', '\r', '\u2028', '>', '<'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  )
  const { element } = fc.letrec<{ element: string }>(tie => ({
    element: fc.oneof(
      { maxDepth: 5 },
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom('<br>', '<br />'),
      fc
        .tuple(fc.constantFrom('p', 'span', 'b', 'em', 'code'), fc.array(tie('element'), { maxLength: 3 }))
        .map(([tag, all]) => `<${tag}>${all.join('')}</${tag}>`),
      fc
        .tuple(fc.constantFrom(...urls), fc.array(attribute, { maxLength: 2 }), fc.array(tie('element'), { maxLength: 2 }))
        .map(([url, attributes, all]) => `<a href="${url}"${attributes.join('')}>${all.join('')}</a>`),
      fc.tuple(attribute, tie('element')).map(([attributes, inner]) => `<span${attributes}>${inner}</span>`),
    ),
  }))
  const html = fc
    .array(fc.oneof({ weight: 6, arbitrary: element }, fc.constantFrom(...POSTS), opening, closing, words), { maxLength: 6 })
    .map(parts => parts.join('').replace(/\p{Surrogate}/gu, '\ufffd'))
  let read = 0
  const property = fc.property(html, text => {
    const clean = plain(text)
    if (clean === undefined) return
    read++
    if (clean !== parsedHtml(text)) throw new Error(`${JSON.stringify(text)} became ${clean} and not ${parsedHtml(text)}`)
    if (sanitiseHtml(sanitiseHtml(text)) !== sanitiseHtml(text))
      throw new Error(`${JSON.stringify(text)} changes when it is sanitised again`)
  })
  const runs = Number(process.env.RUNS ?? 4_000)
  t.doesNotThrow(() => fc.assert(property, { numRuns: runs }))
  t.ok(read > runs / 10, `${read} of ${runs} were plain`)
  t.end()
})
