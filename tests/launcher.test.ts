import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { checkout } from './helpers/sources.ts'

type Ended = { code: number | null; out: string; err: string }

/** A checkout in small: the real launcher around a program of one line, everything installed and nothing built. */
function makeCheckout(t: { teardown(done: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-launcher-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const part of ['bin', 'scripts/ready.mjs', 'scripts/ready', 'tsconfig.json'])
    cpSync(join(checkout, part), join(folder, part), { recursive: true })
  write(folder, 'package.json', '{ "type": "module", "engines": { "node": ">=20.19" } }')
  write(folder, 'package-lock.json', '{ "packages": {} }')
  write(folder, 'node_modules/.package-lock.json', '{ "packages": {} }')
  for (const it of ['@typescript', '@types', '@esbuild', 'esbuild'])
    symlinkSync(join(checkout, 'node_modules', it), join(folder, 'node_modules', it))
  write(folder, 'src/cli.ts', 'process.stdout.write(process.argv.slice(2).join(" "))\nprocess.exitCode = 3\n')
  write(folder, 'src/web/public/style.css', 'body { color: black }')
  return folder
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

// tap loads itself into every Node that a test starts; a person's command has nothing of the kind.
function run(folder: string, ...args: string[]): Promise<Ended> {
  const command = ['-u', 'NODE_OPTIONS', process.execPath, join(folder, 'bin/archipelago.js'), ...args]
  const child = spawn('env', command, { cwd: tmpdir() })
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout.on('data', text => {
    ended.out += text
  })
  child.stderr.on('data', text => {
    ended.err += text
  })
  return new Promise(resolve => child.on('close', code => resolve({ ...ended, code })))
}

t.test('the command builds what is stale, says so beside the output, and passes its exit code on', async t => {
  const folder = makeCheckout(t)
  t.same(await run(folder, 'hello', '--json'), { code: 3, out: 'hello --json', err: 'Building Archipelago: a few seconds.\n' })
  t.same(await run(folder, 'again'), { code: 3, out: 'again', err: '' }, 'and says nothing when there is nothing to do')
  t.ok(existsSync(join(folder, 'dist/src/web/public/style.css')), 'what the web serves is beside it')

  write(folder, 'src/old.ts', 'export const old = 1\n')
  write(folder, 'src/cli.ts', 'import "./old.ts"\nprocess.stdout.write("changed")\n')
  t.match(await run(folder), { code: 0, out: 'changed', err: /^Building/ })
  rmSync(join(folder, 'src/old.ts'))
  write(folder, 'src/cli.ts', 'process.stdout.write("alone")\n')
  t.match(await run(folder), { code: 0, out: 'alone' })
  t.notOk(existsSync(join(folder, 'dist/src/old.js')), 'what has no source any more is gone')

  rmSync(join(folder, 'dist/src'), { recursive: true })
  rmSync(join(folder, 'dist/.built'))
  t.match(await run(folder), { code: 0, out: 'alone' }, 'what somebody deleted is built again')
})

t.test('a source that does not compile is named, and nothing runs', async t => {
  const folder = makeCheckout(t)
  write(folder, 'src/cli.ts', 'const wrong: string = 1\nprocess.stdout.write(wrong)\n')
  t.match(await run(folder), { code: 1, out: '', err: /src\/cli\.ts\(1,7\): error TS2322.*\n.*do not compile/s })
})

t.test('commands that start at once build once', async t => {
  const folder = makeCheckout(t)
  const all = await Promise.all([run(folder, 'a'), run(folder, 'b'), run(folder, 'c')])
  t.strictSame(
    all.map(({ code, out }) => `${code} ${out}`),
    ['3 a', '3 b', '3 c'],
  )
  t.equal(all.filter(({ err }) => err.includes('Building')).length, 1)
  t.notOk(existsSync(join(folder, 'dist/.ready.lock')))
})

t.test('the lock of a command that was killed does not stop the next', async t => {
  const folder = makeCheckout(t)
  const { pid, ...killed } = spawnSync(process.execPath, ['--version'])
  t.equal(killed.status, 0, 'a process that has been')
  await run(folder)
  write(folder, 'dist/.ready.lock', JSON.stringify({ pid, host: hostname(), since: Date.now() }))
  write(folder, 'src/cli.ts', 'process.stdout.write("on")\n')
  t.match(await run(folder), { code: 0, out: 'on' })
})

t.test('an image without sources runs what is built and installs nothing', async t => {
  const folder = makeCheckout(t)
  await run(folder)
  for (const part of ['src', 'scripts', 'tsconfig.json', 'package-lock.json', 'node_modules'])
    rmSync(join(folder, part), { recursive: true })
  t.same(await run(folder, 'served'), { code: 3, out: 'served', err: '' })
})

t.test('a Node that is too old is told in one sentence what to do', async t => {
  const folder = makeCheckout(t)
  write(folder, 'package.json', '{ "type": "module", "engines": { "node": ">=99.1" } }')
  const { code, out, err } = await run(folder)
  t.equal(code, 1)
  t.equal(out, '')
  t.match(err, /^Archipelago needs Node 99\.1 or newer and this is v\d+\.\d+\.\d+: install .*\n$/)
})

t.test('a failed installation says what to do', async t => {
  const { explain } = (await import(pathToFileURL(join(checkout, 'scripts/ready/install.mjs')).href)) as { explain(log: string): string }
  const logs: [string, RegExp][] = [
    ['npm error gyp ERR! find Python Python is not set from environment variable PYTHON', /needs Python 3 \(on Debian/],
    ['npm error gyp ERR! stack Error: not found: make', /needs a C\+\+ compiler and make/],
    ['npm error make: g++: No such file or directory\nnpm error gyp ERR! build error', /needs a C\+\+ compiler and make/],
    [
      'npm error make: cc: No such file or directory\nprebuild-install warn install getaddrinfo ENOTFOUND github.com',
      /needs a C\+\+ compiler/,
    ],
    ['npm error gyp ERR! stack Error: `make` failed with exit code: 2', /could not be compiled/],
    ['npm error code ENOTFOUND\nnpm error network request to https://packages.example/zod failed', /registry could not be reached/],
    ['npm error code ENOSPC', /disk is full/],
    ['npm error code EACCES', /may not be written to/],
    ['npm error code EUSAGE\nnpm error `npm ci` can only install packages when', /do not fit together/],
    ['something else', /could not be installed/],
  ]
  for (const [log, sentence] of logs) t.match(explain(log), sentence, log.split('\n')[0]!)
  t.match(
    readFileSync(join(checkout, 'package.json'), 'utf8'),
    '"archipelago": "bin/archipelago.js"',
    'npx finds the command here and looks nowhere else',
  )
})
