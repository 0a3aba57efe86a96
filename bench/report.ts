/** One measured thing. `limit` is the best this machine does, measured in the same run; `allowed` is what we promise. */
export type Figure = {
  name: string
  unit: string
  value: number
  limit?: number
  allowed?: number
  /** Set where more is better, as in answers a second. */
  more?: true
}

/** What a bench found. `faults` are things that went wrong apart from the figures. */
export type Report = { figures: Figure[]; faults?: string[] }

/** `flags` are the words after the bench's name, such as `--fresh`; `root` is the folder of the checkout, ending in a slash. */
export type BenchOptions = { flags: ReadonlySet<string>; root: string }

export function passes(report: Report): boolean {
  return (report.faults ?? []).length === 0 && report.figures.every(isAllowed)
}

export function isAllowed({ value, allowed, more }: Figure): boolean {
  if (allowed === undefined) return Number.isFinite(value)
  return more ? value >= allowed : value <= allowed
}

/** How many times the limit: 1 is the best that can be had, whichever way the figure counts. */
export function ratio({ value, limit, more }: Figure): number | undefined {
  if (limit === undefined) return undefined
  return more ? limit / value : value / limit
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The report as one object: figures, measured limits, ratios and promises, each by the figure's name. */
export function asJson(bench: string, report: Report): object {
  const by = (pick: (figure: Figure) => number | undefined) =>
    Object.fromEntries(report.figures.flatMap(figure => (pick(figure) === undefined ? [] : [[figure.name, round(pick(figure)!)]])))
  return {
    bench,
    pass: passes(report),
    figures: by(figure => figure.value),
    limit: by(figure => figure.limit),
    ratio: by(ratio),
    allowed: by(figure => figure.allowed),
    units: Object.fromEntries(report.figures.map(figure => [figure.name, figure.unit])),
    faults: report.faults ?? [],
  }
}

export function asTable(report: Report): string {
  const rows = report.figures.map(figure => [
    figure.name,
    show(figure.value, figure.unit),
    show(figure.limit, figure.unit),
    ratio(figure) === undefined ? '' : `${round(ratio(figure)!)} x`,
    figure.allowed === undefined ? '' : `${figure.more ? 'at least' : 'at most'} ${show(figure.allowed, figure.unit)}`,
    isAllowed(figure) ? 'ok' : figure.more ? 'TOO LOW' : 'TOO HIGH',
  ])
  const table = [['', 'measured', 'limit here', 'ratio', 'promised', ''], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map(row => row[column]!.length)))
  return table
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function show(value: number | undefined, unit: string): string {
  return value === undefined ? '' : `${round(value)} ${unit}`
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
