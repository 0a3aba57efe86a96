import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { checkout, everyNode, place, readSources, type Source } from './helpers/sources.ts'

// The table of docs/adr/0001: who may import whom. `types` of context and config anyone may import.
const MAY_IMPORT: Record<string, readonly string[]> = {
  lib: ['lib'],
  domain: ['domain', 'lib'],
  db: ['db', 'domain', 'lib'],
  actions: ['actions', 'db', 'domain', 'lib'],
  federation: ['federation', 'actions', 'db', 'domain', 'lib'],
  web: ['web', 'actions', 'db', 'domain', 'lib'],
  mastodon: ['mastodon', 'actions', 'db', 'domain', 'lib'],
  config: [],
  jobs: [],
}
const COMPOSES = new Set(['app', 'server', 'cli', 'node'])

const sources = readSources('src')

t.test('each layer imports only what lies below it', async t => {
  const wrong = sources.flatMap(source =>
    source.imports
      .filter(({ to, types }) => to.startsWith('src/') && !mayImport(source.path, to, types))
      .map(({ to }) => `${source.path} imports ${to}`),
  )
  t.strictSame(wrong, [])
  t.ok(sources.length > 20, 'there are sources to look at')
})

t.test('there are no import cycles', async t => {
  t.strictSame(cycles(sources), [])
})

t.test('no source file is longer than 300 lines', async t => {
  t.strictSame(
    sources.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path}: ${lines}`),
    [],
  )
})

t.test('files are named in kebab-case', async t => {
  t.strictSame(
    sources.map(({ path }) => path).filter(path => !/^[a-z0-9]+(-[a-z0-9]+)*(\.d)?\.tsx?$/.test(basename(path))),
    [],
  )
})

t.test('the environment is read in src/config.ts alone', async t => {
  t.strictSame(found(/\bprocess\.env\b/, ['src/config.ts']), [])
})

t.test('activitypub-express is known to src/federation/engine.ts and to the store behind it', async t => {
  t.strictSame(importersOf(/^activitypub-express($|\/)/, ['src/federation/engine.ts', 'src/federation/store.ts']), [])
})

t.test('there is one way out of the process: src/federation/fetch.ts', async t => {
  const client = /^(undici|(node:)?https?2?)$/
  t.strictSame(importersOf(client, ['src/federation/fetch.ts', 'src/federation/connect.ts']), [])
  t.strictSame(found(/(?<![.\w])fetch\(|globalThis\.fetch|\bnew (WebSocket|EventSource)\b/, ['src/federation/fetch.ts']), [])
})

t.test('no type is any, but where a package without types is met', async t => {
  const allowed = ['src/federation/engine.ts', 'src/federation/apex.d.ts']
  t.strictSame(
    where(node => node.kind === ts.SyntaxKind.AnyKeyword, allowed),
    [],
  )
})

t.test('modules keep no state: nothing at their top can change', async t => {
  const changes = (node: ts.Node) =>
    ts.isVariableStatement(node) && ts.isSourceFile(node.parent) && (node.declarationList.flags & ts.NodeFlags.Const) === 0
  t.strictSame(where(changes), [])
})

t.test('exports have names', async t => {
  const unnamed = (node: ts.Node) =>
    ts.isExportAssignment(node) || (node.kind === ts.SyntaxKind.DefaultKeyword && ts.isFunctionLike(node.parent))
  // What describes a foreign package is written as that package is.
  t.strictSame(where(unnamed, ['src/federation/apex.d.ts']), [])
})

t.test('the migrations bring a database to what src/db/schema.ts says', async t => {
  const folder = mkdtempSync(join(checkout, 'dist', 'migrations-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(checkout, 'migrations'), folder, { recursive: true })
  const before = readdirSync(folder)
  const kit = ['node_modules/drizzle-kit/bin.cjs', 'generate', '--dialect=sqlite', '--schema=./src/db/schema*.ts', '--casing=snake_case']
  execFileSync('env', ['-u', 'NODE_OPTIONS', process.execPath, ...kit, `--out=./${relative(checkout, folder)}`, '--name=forgotten'], {
    cwd: checkout,
    stdio: 'pipe',
  })
  t.strictSame(readdirSync(folder), before, 'a change of the schema has its migration (npx drizzle-kit generate --name WHAT)')
})

function layer(path: string): string {
  return path.split('/')[1]!.replace(/\.tsx?$/, '')
}

function mayImport(from: string, to: string, types: boolean): boolean {
  const mine = layer(from)
  const theirs = layer(to)
  if (COMPOSES.has(mine)) return true
  if (types && (theirs === 'context' || theirs === 'config')) return true
  if (mine === 'context') return types
  return MAY_IMPORT[mine]?.includes(theirs) ?? false
}

function importersOf(pattern: RegExp, allowed: readonly string[]): string[] {
  const others = sources.filter(({ path }) => !allowed.includes(path) && !path.endsWith('.d.ts'))
  return others.flatMap(({ path, imports }) =>
    imports.filter(({ to, types }) => !types && pattern.test(to)).map(({ to }) => `${path} imports ${to}`),
  )
}

/** Lines of code, comments aside, that match. */
function found(pattern: RegExp, allowed: readonly string[]): string[] {
  return sources
    .filter(({ path }) => !allowed.includes(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (pattern.test(line.replace(/(^|\s)(\/\/|\/?\*).*$/, '')) ? [`${path}:${index + 1}`] : [])),
    )
}

function where(test: (node: ts.Node) => boolean, allowed: readonly string[] = []): string[] {
  return sources
    .filter(({ path }) => !allowed.includes(path))
    .flatMap(source =>
      everyNode(source.tree)
        .filter(test)
        .map(node => place(source, node)),
    )
}

/** Circles of imports that are left at run time, each once, as `a -> b -> a`. */
function cycles(all: readonly Source[]): string[] {
  const next = new Map(all.map(({ path, imports }) => [path, imports.filter(({ types }) => !types).map(({ to }) => to)]))
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, way: string[]) => {
    const start = way.indexOf(path)
    if (start >= 0) circles.push([...way.slice(start), path].join(' -> '))
    if (start >= 0 || done.has(path)) return
    for (const to of next.get(path) ?? []) visit(to, [...way, path])
    done.add(path)
  }
  for (const { path } of all) visit(path, [])
  return circles
}
