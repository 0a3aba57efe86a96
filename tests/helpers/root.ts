import { existsSync, readFileSync } from 'node:fs'

/** The repository, found from wherever the compiled test lies. */
export const root: URL = findRoot(new URL('.', import.meta.url))

function findRoot(folder: URL): URL {
  if (existsSync(new URL('package.json', folder))) return folder
  const parent = new URL('..', folder)
  if (parent.href === folder.href) throw new Error('There is no package.json above the tests.')
  return findRoot(parent)
}

/** A file of tests/vectors. */
export function vector(path: string): string {
  return readFileSync(new URL(`tests/vectors/${path}`, root), 'utf8')
}

export function jsonVector<T = Record<string, unknown>>(path: string): T {
  return JSON.parse(vector(path)) as T
}
