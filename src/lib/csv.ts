export type Cell = string | number | boolean | undefined | null

/** Rows as a table (RFC 4180) that is safe to open in a spreadsheet: no text in it is a formula. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return rows.map(row => `${row.map(written).join(',')}\r\n`).join('')
}

// What a spreadsheet would calculate gets an apostrophe. A negative number is none of it: it can only be a number.
function written(cell: Cell): string {
  if (cell === undefined || cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = /^[=+\-@\t\r\n＝＋－＠]/u.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
