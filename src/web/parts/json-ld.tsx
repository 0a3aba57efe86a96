/** Data about what a page shows, for machines. A block of data is not run, and no text in it can end it. */
export function JsonLd({ data }: { data: object }) {
  const json = JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: json }} />
}
