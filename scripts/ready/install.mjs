import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { run, Stop, say } from './say.mjs'

/**
 * Whether node_modules holds what package-lock.json asks for, and a database driver this Node can load. Whoever ran `npm ci`
 * by hand is believed after one look; the answer is kept in a note, so that the next question costs two milliseconds.
 */
export function isInstalled(root, { dev }) {
  const note = noteOf(root)
  const known = readJson(join(root, note.file))
  if (known?.state === note.state && (known.dev || !dev)) return true
  if (missing(root, dev).length > 0 || !driverLoads(root)) return false
  try {
    writeFileSync(join(root, note.file), JSON.stringify({ state: note.state, dev }))
  } catch {
    // A read-only folder is looked through every time.
  }
  return true
}

/** Runs `npm ci`, or only rebuilds the database driver when that alone is what this Node can't use. */
export async function install(root, { dev }) {
  const complete = missing(root, dev).length === 0
  const args = complete ? ['rebuild', 'better-sqlite3'] : ['ci', dev ? '--include=dev' : '--omit=dev']
  const command = `npm ${args.join(' ')}`
  say(
    complete
      ? `Building the database driver for Node ${process.version} (${command}): about a minute.`
      : `Installing what Archipelago needs (${command}): one to three minutes, because the database driver may have to be compiled.`,
  )
  const npm = findNpm()
  const { code, output, seconds } = await run(
    'Installing',
    npm.command,
    [...npm.args, ...args, '--no-audit', '--no-fund', '--loglevel=warn'],
    {
      cwd: root,
      env: environment(),
      shell: npm.shell,
    },
  ).catch(error => {
    if (error.code === 'ENOENT')
      throw new Stop('npm was not found: install Node together with npm from https://nodejs.org and run the command again.')
    throw error
  })
  if (code === 0 && missing(root, dev).length === 0 && driverLoads(root)) return say(`Installed in ${seconds} s.`)
  const built =
    code === 0
      ? 'npm is told to run no install scripts, so the database driver was not built: run "npm rebuild better-sqlite3 --ignore-scripts=false".'
      : ''
  throw new Stop(`${built || explain(output)} The whole log of ${command} is in ${keep(root, output)}.`)
}

/** One sentence on what to do about a failed `npm ci`, from its log. */
export function explain(log) {
  const toolchain = 'on Debian or Ubuntu: apt-get install python3 make g++; on macOS: xcode-select --install'
  const causes = [
    [/ENOSPC/, 'The disk is full: make room and run the command again.'],
    [
      /E(ACCES|PERM|ROFS)\b/,
      'This folder may not be written to: run the command as its owner, or copy the checkout to a folder of your own.',
    ],
    [
      /find Python|not found: python|python3?: (command )?not found/i,
      `Compiling the database driver needs Python 3 (${toolchain}); then run the command again.`,
    ],
    [
      /not found: (make|g\+\+|gcc|cc)|(make|g\+\+|gcc|cc|c\+\+): (command )?not found|(g\+\+|c\+\+|cc|gcc): No such file|Visual Studio/i,
      `Compiling the database driver needs a C++ compiler and make (${toolchain}); then run the command again.`,
    ],
    [
      /-std=(c|gnu)\+\+20|requires C\+\+20|C\+\+20 or later/i,
      'The C++ compiler is too old for C++20: install GCC 10, Clang 12 or newer and run the command again.',
    ],
    [
      /headers.*(ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|40\d)|(ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT).*nodejs\.org/s,
      'The headers of Node could not be fetched from nodejs.org: check the network, or set npm_config_nodedir to the folder that holds include/node, and run the command again.',
    ],
    [
      /gyp ERR!/,
      `The database driver could not be compiled: it needs Python 3, make and a C++20 compiler (${toolchain}); then run the command again.`,
    ],
    [/EINTEGRITY/, 'A downloaded package is damaged: run "npm cache clean --force" and then the command again.'],
    [
      /npm (error|ERR!) (code (ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT)|network )/,
      'The npm registry could not be reached: check the network connection (or proxy) and run the command again.',
    ],
    [/lock file|EUSAGE/, 'package.json and package-lock.json do not fit together: run "npm install" once and commit both.'],
  ]
  const known = causes.find(([pattern]) => pattern.test(log))
  return known ? known[1] : 'The packages could not be installed.'
}

function keep(root, output) {
  const file = join(root, 'dist', 'install.log')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, output)
  return file
}

/** Names of the packages the lockfile asks for that are not there in that version. Platform-dependent ones may be missing. */
function missing(root, dev) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {}
  const have = readJson(join(root, 'node_modules/.package-lock.json'))?.packages
  if (!have) return ['node_modules']
  return Object.entries(wanted)
    .filter(([path, entry]) => path && !entry.optional && !entry.devOptional && (dev || !entry.dev))
    .filter(([path, entry]) => have[path]?.version !== entry.version)
    .map(([path]) => path)
}

function driverLoads(root) {
  if (!existsSync(join(root, 'node_modules/better-sqlite3'))) return true
  try {
    const Database = createRequire(join(root, 'package.json'))('better-sqlite3')
    new Database(':memory:').close()
    return true
  } catch {
    return false
  }
}

function noteOf(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return { file: 'node_modules/.archipelago.json', state: `${lock} ${process.platform}-${process.arch}-${process.versions.modules}` }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

// The npm that started us when there is one, so that `npm start` never meets a second npm.
function findNpm() {
  const started = process.env.npm_execpath
  const cli = started && join(dirname(started), 'npm-cli.js')
  if (cli && /^np[mx]-cli\.js$/.test(basename(started)) && existsSync(cli)) return { command: process.execPath, args: [cli], shell: false }
  return { command: 'npm', args: [], shell: process.platform === 'win32' }
}

// What an outer npm or npx tells its own scripts about one command must not steer this one.
function environment() {
  const outer =
    /^npm_(package_|lifecycle_|command$|config_(local_prefix|global_prefix|prefix|allow_scripts|dry_run|json|global|workspaces?|package_lock|package_lock_only)$)/i
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name) && name !== 'NODE_ENV'))
  // Compiling needs Node's headers. Most installations carry them; node-gyp would otherwise download them.
  const prefix = dirname(dirname(process.execPath))
  if (!env.npm_config_nodedir && existsSync(join(prefix, 'include/node/node.h'))) env.npm_config_nodedir = prefix
  return env
}
