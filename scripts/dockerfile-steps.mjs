// Carries out the Dockerfile's own steps in a clean folder, without a container engine, then starts what came out of it.
// What needs a system of its own (packages, users, folders outside /app and /data) is passed over with a note.
// The last line is "N passed, N failed".
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parse } from './dockerfile.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = realpathSync(mkdtempSync(join(tmpdir(), 'archipelago-image-')))
const ofTheSystem = /^\s*(apt-get|apk|useradd|groupadd|adduser|chown|chmod|ln)\b|\/usr\//

let passed = 0
let failed = 0

try {
  const stages = parse(readFileSync(join(root, 'Dockerfile'), 'utf8'))
  const built = new Map()
  for (const stage of stages) built.set(stage.name, carryOut(stage, built))
  await tryOut(built.get(stages.at(-1).name))
} catch (error) {
  fail('the Dockerfile', error)
} finally {
  rmSync(work, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** Runs one stage in a folder of its own; gives the folder, its environment and what to start. */
function carryOut({ name, steps }, built) {
  const stage = { folder: join(work, name), env: {}, workdir: '/', start: undefined, health: undefined, user: 'root' }
  mkdirSync(stage.folder)
  const place = path => join(stage.folder, path.startsWith('/') ? path : join(stage.workdir, path))
  for (const { word, args, flags, list } of steps) {
    console.log(`${name}: ${word} ${args}`)
    if (word === 'WORKDIR') {
      stage.workdir = args
      mkdirSync(place('.'), { recursive: true })
    } else if (word === 'ENV') Object.assign(stage.env, Object.fromEntries(args.split(/\s+/).map(pair => pair.split('='))))
    else if (word === 'USER') stage.user = args
    else if (word === 'CMD') stage.start = list
    else if (word === 'HEALTHCHECK') stage.health = list
    else if (word === 'COPY') {
      const from = flags.from ? built.get(flags.from).folder : context()
      const words = args.split(/\s+/)
      const target = words.pop()
      for (const source of words) {
        const into = target.endsWith('/') ? join(place(target), basename(source)) : place(target)
        cpSync(join(from, source), into, { recursive: true, verbatimSymlinks: true })
      }
    } else if (word === 'RUN') run(args, stage)
  }
  passed += 1
  return stage
}

function run(command, stage) {
  const parts = command.split('&&').map(part => part.trim())
  for (const part of parts.filter(part => ofTheSystem.test(part))) console.log(`  passed over, it needs a system of its own: ${part}`)
  const rest = parts.filter(part => !ofTheSystem.test(part)).join(' && ')
  if (!rest) return
  const { status } = spawnSync('sh', ['-c', inside(rest, stage)], {
    cwd: join(stage.folder, stage.workdir),
    env: environment(stage),
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}`)
}

// Paths that are absolute in the image lie in the stage's folder here.
function inside(text, stage) {
  return text.replace(/(^|[\s="'])\/(app|data)\b/g, (_, before, folder) => `${before}${stage.folder}/${folder}`)
}

function environment(stage) {
  const env = Object.fromEntries(Object.entries(stage.env).map(([name, value]) => [name, inside(value, stage)]))
  const outer = ['PATH', 'HOME', 'npm_config_cache', 'npm_config_registry', 'npm_config_userconfig'].filter(name => process.env[name])
  return { ...Object.fromEntries(outer.map(name => [name, process.env[name]])), ...env }
}

/** What a builder would get to see: what git knows of, less what .dockerignore keeps back. */
function context() {
  const folder = join(work, 'context')
  if (existsSync(folder)) return folder
  const allowed = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter(line => line.startsWith('!'))
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  for (const file of stdout.split('\0').filter(Boolean)) {
    const kept = allowed.some(line => file === line.slice(1) || file.startsWith(`${line.slice(1)}/`))
    if (kept && existsSync(join(root, file))) cpSync(join(root, file), join(folder, file))
  }
  return folder
}

async function tryOut(image) {
  const app = join(image.folder, image.workdir)
  check('it does not run as root', image.user !== 'root')
  check('it carries no sources', !existsSync(join(app, 'src')) && !existsSync(join(app, 'tests')))
  check(
    'it carries no development package',
    !existsSync(join(app, 'node_modules/tap')) && !existsSync(join(app, 'node_modules/@typescript/native')),
  )
  const port = await freePort()
  console.log(`  Listening on loopback and port ${port} instead of every address and ${image.env.PORT}.`)
  const env = { ...environment(image), HOST: '127.0.0.1', PORT: String(port) }
  const [command, ...args] = image.start
  const node = spawn(command, args, { cwd: app, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = new Promise(resolve => node.on('exit', (code, signal) => resolve(code ?? signal)))
  try {
    check('it answers at /', await answers(`http://127.0.0.1:${port}/`, node))
    check('its health check is content', spawnSync(image.health[0], image.health.slice(1), { cwd: app, env }).status === 0)
    check(
      'its data are in /data',
      readdirSync(join(image.folder, 'data')).some(name => name.endsWith('.sqlite')),
    )
  } finally {
    node.kill('SIGTERM')
  }
  check('SIGTERM ends it with 0', (await Promise.race([ended, pause(15_000, 'too late', { ref: false })])) === 0)
  check('its health check notices', spawnSync(image.health[0], image.health.slice(1), { cwd: app, env }).status !== 0)
}

async function answers(url, node) {
  for (let tries = 0; tries < 150 && node.exitCode === null; tries += 1) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer) return answer.ok
    await pause(100)
  }
  return false
}

async function freePort() {
  const server = createServer()
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise(resolve => server.close(resolve))
  return port
}

function check(what, holds) {
  if (!holds) return fail(what)
  passed += 1
  console.log(`ok - ${what}`)
}

function fail(what, error) {
  failed += 1
  console.log(`not ok - ${what}${error ? `: ${error.stack}` : ''}`)
}
