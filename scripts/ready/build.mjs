import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bundle } from './bundle.mjs'
import { GAZETTEER, hasGazetteer, makeGazetteer } from './gazetteer.mjs'
import { run, Stop, say } from './say.mjs'

const folders = ['src', 'tests', 'bench', 'scripts']
const typescript = /\.tsx?$/
const compiled = /\.js(\.map)?$/

/** Whether `dist` was built from exactly these sources. About ten milliseconds. */
export function isBuilt(root) {
  try {
    return readFileSync(stamp(root), 'utf8') === fingerprint(root) && hasGazetteer(root)
  } catch {
    return false
  }
}

/** Compiles what is TypeScript into `dist`, copies what the web serves as it is, removes what no longer has a source, and writes the gazetteer. */
export async function build(root) {
  const before = fingerprint(root)
  say('Building Archipelago: a few seconds.')
  let { code, output } = await compile(root)
  if (code === 0 && sources(root).some(file => typescript.test(file) && !existsSync(join(root, outputOf(file))))) {
    // Somebody deleted a part of dist: tsc trusts its own notes and would not write it again.
    rmSync(join(root, 'dist/.tsbuildinfo'), { force: true })
    ;({ code, output } = await compile(root))
  }
  if (code !== 0) throw new Stop(`${output.trim()}\nThe TypeScript sources do not compile: correct what is listed above.`)
  copyAssets(root)
  prune(root)
  await bundle(root)
  await makeGazetteer(root)
  writeFileSync(stamp(root), before)
}

// What NODE_OPTIONS loads into every program (a debugger, a test runner) is not meant for the compiler.
function compile(root) {
  const tsc = join(root, 'node_modules/@typescript/native/bin/tsc')
  const pretty = String(Boolean(process.stderr.isTTY))
  return run('Building', process.execPath, [tsc, '--pretty', pretty], { cwd: root, env: { ...process.env, NODE_OPTIONS: '' } })
}

function stamp(root) {
  return join(root, 'dist/.built')
}

// The time of the last change and the size stand for the content; the lockfile stands for the compiler and the types.
function fingerprint(root) {
  const hash = createHash('sha256')
  for (const file of [...sources(root), 'tsconfig.json', 'package.json', 'package-lock.json']) {
    const { mtimeMs, size } = statSync(join(root, file))
    hash.update(`${file}\0${mtimeMs}\0${size}\0`)
  }
  return hash.digest('hex')
}

/** Everything a build reads, as paths from the root: TypeScript everywhere, and every other file of `src`. */
function sources(root) {
  return folders
    .flatMap(folder => walk(root, folder))
    .filter(file => typescript.test(file) || isAsset(file))
    .sort()
}

function isAsset(file) {
  return file.startsWith('src/') && !typescript.test(file)
}

function outputOf(file) {
  return join('dist', file.replace(typescript, '.js'))
}

function copyAssets(root) {
  for (const file of sources(root).filter(isAsset)) {
    mkdirSync(dirname(join(root, 'dist', file)), { recursive: true })
    copyFileSync(join(root, file), join(root, 'dist', file))
  }
}

// A test that was deleted or renamed would otherwise go on running.
function prune(root) {
  const wanted = new Set(sources(root).map(file => (typescript.test(file) ? outputOf(file) : join('dist', file))))
  wanted.add(join('dist', GAZETTEER))
  for (const file of folders.flatMap(folder => walk(root, join('dist', folder)))) {
    const source = compiled.test(file) ? file.replace(compiled, '.js') : file
    const json = file.endsWith('.json') && existsSync(join(root, file.slice('dist/'.length)))
    if (!wanted.has(file) && !wanted.has(source) && !json) rmSync(join(root, file))
  }
}

// Not into node_modules: tests/interop has thousands of files in its own, and none of them is built.
function walk(root, folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const file = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(root, file)
    return entry.isFile() ? [file] : []
  })
}
