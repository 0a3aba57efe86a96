// Installs what tests/interop talks to, when it is missing: npm ci in this folder. Says so, and ends with 1 and a sentence when it can't be had.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { explain } from '../../scripts/ready/install.mjs'
import { withLock } from '../../scripts/ready/lock.mjs'
import { run, Stop, say } from '../../scripts/ready/say.mjs'
import { orStop, root } from '../../scripts/ready.mjs'

const folder = fileURLToPath(new URL('.', import.meta.url))
// The package `node` fetches its program in an install script of its own, which may have been told not to run.
const program = join(folder, 'node_modules/node/bin/node')

await orStop(async () => {
  if (isInstalled()) return
  await withLock(join(root, 'dist', '.interop.lock'), async () => {
    if (!isInstalled()) await install()
  })
})

async function install() {
  say('Installing the servers of others that tests/interop talks to (npm ci in tests/interop, about 500 MB): one minute.')
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  const { code, output, seconds } = await run('Installing', 'npm', ['ci', ...quiet], { cwd: folder, env: environment() })
  if (code === 0 && isInstalled()) return say(`Installed in ${seconds} s.`)
  throw new Stop(`${explain(output)} (npm ci in tests/interop ended with ${code}.)`)
}

function isInstalled() {
  const wanted = packages('package-lock.json')
  const have = packages('node_modules/.package-lock.json')
  const complete = Object.entries(wanted).every(([path, { version, optional }]) => !path || optional || have[path]?.version === version)
  return complete && existsSync(program)
}

function packages(file) {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8')).packages
  } catch {
    return {}
  }
}

// What an outer npm tells its own scripts must not steer this one.
function environment() {
  const outer =
    /^npm_(package_|lifecycle_|command$|config_(local_prefix|global_prefix|prefix|workspaces?|dry_run|json|global|ignore_scripts)$)/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name) && name !== 'NODE_ENV'))
}
