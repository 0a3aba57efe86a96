import { createReadStream, mkdirSync, type ReadStream, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Our files have names of our own making; nothing else is a name. */
const NAME = /^[0-9a-f]{32}(?:-small)?\.(?:jpg|webp)$/

type Place = { readonly dataDir: string }
const folderOf = ({ dataDir }: Place) => join(dataDir, 'media')

export function isMediaName(name: string): boolean {
  return NAME.test(name)
}

/** Writes a file of this community. It is whole before anything names it. */
export function writeMedia(place: Place, name: string, bytes: Buffer): void {
  mkdirSync(folderOf(place), { recursive: true, mode: 0o700 })
  writeFileSync(join(folderOf(place), name), bytes, { flag: 'wx', flush: true, mode: 0o600 })
}

/** Undefined if there is no such file. */
export function openMedia(place: Place, name: string): { bytes: number; stream: () => ReadStream } | undefined {
  if (!isMediaName(name)) return undefined
  const path = join(folderOf(place), name)
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isFile() ? { bytes: stat.size, stream: () => createReadStream(path) } : undefined
}

/** The whole file; undefined if there is none. */
export function readMedia(place: Place, name: string): Buffer | undefined {
  const path = join(folderOf(place), name)
  return isMediaName(name) && statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path) : undefined
}

/** Names of files that nothing has touched since `before`. */
export function filesBefore(place: Place, before: Date): string[] {
  const folder = folderOf(place)
  if (!statSync(folder, { throwIfNoEntry: false })) return []
  return readdirSync(folder).filter(name => {
    const stat = isMediaName(name) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined
    return stat !== undefined && stat.mtimeMs < before.getTime()
  })
}

export function removeMedia(place: Place, name: string): void {
  if (isMediaName(name)) rmSync(join(folderOf(place), name), { force: true })
}
