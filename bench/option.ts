/** The number given as `--name=5000` or, where it is the bench's only number, as `--name 5000`. */
export function numberOption(flags: ReadonlySet<string>, name: string, otherwise: number): number {
  const words = [...flags]
  const joined = words.find(word => word.startsWith(`--${name}=`))?.split('=')[1]
  const apart = flags.has(`--${name}`) ? words.find(word => /^\d+$/.test(word)) : undefined
  const text = joined ?? apart
  if (text === undefined) return otherwise
  if (!/^[1-9]\d{0,7}$/.test(text)) throw new Error(`--${name} must be a number from 1 to 99999999.`)
  return Number(text)
}

/** A file that is named, if one is. */
export function fileOption(flags: ReadonlySet<string>, name: string): string | undefined {
  return [...flags].find(flag => flag.startsWith(`--${name}=`))?.slice(name.length + 3)
}
