// npm test                          types, lint, and every test in tests/ and tests/adversarial/
// npm test -- tests/charter.test.ts only this file; a folder means the tests in it; other words go to tap
// The last line is always "N passed, N failed".
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { Stop } from './ready/say.mjs'
import { ready, root } from './ready.mjs'

const words = process.argv.slice(2)
const named = words.filter(word => !word.startsWith('-') && existsSync(resolve(word)))
const options = words.filter(word => !named.includes(word))

let passed = 0
let failed = 0

try {
  await ready({ dev: true })
  if (named.length === 0) {
    console.log('Types: as they should be.')
    lint()
  }
  tests(named.length > 0 ? named : ['tests', 'tests/adversarial'])
} catch (error) {
  failed += 1
  console.log(error instanceof Stop ? error.message : error)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

function lint() {
  const { status } = node(['node_modules/@biomejs/biome/bin/biome', 'check', '--diagnostic-level=warn'])
  if (status === 0) return
  failed += 1
  console.log('Lint: see above. "npx biome check --write" corrects most of it.')
}

function tests(places) {
  const files = places.flatMap(testsIn)
  if (files.length === 0) throw new Stop(`There is no test in ${places.join(', ')}.`)
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-tap-'))
  const output = join(folder, 'output.tap')
  try {
    const reporter = process.stdout.isTTY ? 'base' : 'min'
    const { status } = node([
      'node_modules/tap/dist/esm/run.mjs',
      'run',
      `--reporter=${reporter}`,
      `--output-file=${output}`,
      ...options,
      ...files,
    ])
    count(status, existsSync(output) ? readFileSync(output, 'utf8') : '')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// tap ends well when everything was skipped or a file held no test; here that is a failure.
function count(status, tap) {
  const summary = /^# \{ total: .*\}$/m.exec(tap)?.[0] ?? ''
  const figure = name => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0)
  const empty = [...tap.matchAll(/^ok \d+ - (\S+) # SKIP no tests found/gm)].map(match => match[1])
  if (!process.stdout.isTTY)
    console.log([...tap.matchAll(/^(not )?ok \d+ - .*# time=.*$/gm)].map(match => match[0]).join('\n'), `\n${summary}`)
  for (const file of empty) console.log(`${file} holds no test.`)
  if (figure('pass') === 0) console.log('No test ran.')
  passed += figure('pass')
  failed += figure('fail') + empty.length
  if (failed === 0 && (status !== 0 || figure('pass') === 0)) failed = 1
}

/** Compiled test files of a file, or of a folder without its subfolders. */
function testsIn(place) {
  const path = relative(root, resolve(place))
  const sources = statSync(join(root, path)).isDirectory() ? readdirSync(join(root, path)).map(name => join(path, name)) : [path]
  return sources.filter(file => /\.test\.tsx?$/.test(file)).map(file => join('dist', file.replace(/\.tsx?$/, '.js')))
}

function node(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
}
