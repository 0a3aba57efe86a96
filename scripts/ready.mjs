// Makes a checkout ready to run: installs what is missing, builds what is stale, and says nothing when there is nothing to do.
//   node scripts/ready.mjs                       make ready
//   node scripts/ready.mjs scripts/village ...   make ready, then run dist/scripts/village.js in this process
// Node's own modules only: this is what runs before anything is installed. Every word goes to stderr; stdout belongs to the command.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, isBuilt } from './ready/build.mjs'
import { install, isInstalled } from './ready/install.mjs'
import { withLock } from './ready/lock.mjs'
import { endWithParent } from './ready/parent.mjs'
import { Stop, say } from './ready/say.mjs'

export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Resolves when the checkout can run. `dev` asks for the development packages too (tests, lint), even when nothing needs building.
 * Throws Stop, with one sentence for the person, when that can't be had.
 */
export async function ready({ dev = false } = {}) {
  checkNode()
  endWithParent()
  // A production image carries the built program and no sources: there is nothing to install from or to build.
  if (!existsSync(join(root, 'src')) || !existsSync(join(root, 'package-lock.json'))) return
  if (isReady(dev)) return
  await withLock(join(root, 'dist', '.ready.lock'), async () => {
    const stale = !isBuilt(root)
    if (!isInstalled(root, { dev: dev || stale })) await install(root, { dev: dev || stale })
    if (stale) await build(root)
  })
}

function isReady(dev) {
  return isBuilt(root) && isInstalled(root, { dev })
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const wanted = engines.node.replace(/[^\d.]/g, '')
  const [major, minor] = wanted.split('.').map(Number)
  const [ours, ourMinor] = process.versions.node.split('.').map(Number)
  if (ours > major || (ours === major && ourMinor >= minor)) return
  throw new Stop(
    `Archipelago needs Node ${wanted} or newer and this is ${process.version}: install a newer one from https://nodejs.org and run the command again.`,
  )
}

/** Runs `task`; a Stop ends the process with its sentence and exit code instead of a stack. */
export async function orStop(task) {
  try {
    return await task()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    say(error.message)
    process.exit(error.code)
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2)
  await orStop(() => ready())
  if (name) {
    const file = join(root, 'dist', `${name}.js`)
    process.argv = [process.argv[0], file, ...args]
    await import(pathToFileURL(file).href)
  }
}
