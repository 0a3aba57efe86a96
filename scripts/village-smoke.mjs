// Starts `npm run village` as a person would, searches at each of its nodes for the others, and stops it with Ctrl-C.
// The last line is "N passed, N failed".
import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ports = [4101, 4102, 4103, 4104]
const themes = ['left', 'right', 'anarchist', 'spiritual']
// Installing and building may come first; talking to each other may not take long.
const READY_MS = 8 * 60_000
const MEET_MS = 30_000
const STOP_MS = 30_000

let passed = 0
let failed = 0
let output = ''

// A group of its own, so that it can get Ctrl-C the way a terminal sends it: to npm and to the village at once.
const village = spawn('npm', ['run', 'village'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  detached: true,
  stdio: ['ignore', 'pipe', 'pipe'],
})
for (const stream of [village.stdout, village.stderr]) {
  stream.setEncoding('utf8')
  stream.on('data', text => {
    output += text
    process.stdout.write(text)
  })
}
const ended = new Promise(resolve => village.on('exit', (code, signal) => resolve(signal ?? code)))
process.on('exit', () => signal('SIGKILL'))
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.exit(1))

try {
  await check('the village says that it is ready', READY_MS, async () => {
    if (village.exitCode !== null) throw new Error(`it ended with ${village.exitCode}`)
    if (!/ready/i.test(output)) throw new Error('it has not said so')
  })
  if (failed === 0) await visit()
  await leave()
} finally {
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}

async function visit() {
  for (const port of ports) {
    const home = `http://localhost:${port}`
    await check(`${home} shows its page`, MEET_MS, async () => {
      const page = await answer(`${home}/`)
      if (!page.includes('</html>')) throw new Error('it is no page')
    })
    await check(`${home} knows all four communities`, MEET_MS, async () => {
      const { total, items } = JSON.parse(await answer(`${home}/api/directory`))
      const origins = new Set(items.map(item => new URL(item.url).port))
      const absent = ports.filter(other => !origins.has(String(other)))
      if (absent.length > 0) throw new Error(`it knows ${total}; those at ${absent.join(', ')} are missing`)
    })
    for (const theme of themes) {
      await check(`${home} finds the ${theme} one, with its charter`, MEET_MS, async () => {
        const { items } = JSON.parse(await answer(`${home}/api/directory?theme=${theme}`))
        if (!items.some(item => item.charter.theme === theme)) throw new Error(`${items.length} found, none of that theme`)
      })
    }
  }
}

async function leave() {
  signal('SIGINT')
  const code = await Promise.race([ended, pause(STOP_MS, 'too late', { ref: false })])
  await check('Ctrl-C ends it with 0', 0, async () => {
    if (code !== 0) throw new Error(`it ended with ${code}`)
  })
  await check('nobody listens any more', 2000, async () => {
    const left = await Promise.all(
      ports.map(port =>
        fetch(`http://localhost:${port}/`).then(
          () => port,
          () => 0,
        ),
      ),
    )
    if (left.some(Boolean)) throw new Error(`${left.filter(Boolean).join(', ')} still answer`)
  })
}

/** Tries until it holds or the patience (ms) is over; one of them is a pass, the other a failure with the last reason. */
async function check(what, patience, test) {
  const since = Date.now()
  for (;;) {
    try {
      await test()
      passed += 1
      return console.log(`ok - ${what}`)
    } catch (error) {
      if (Date.now() - since < patience && village.exitCode === null) {
        await pause(200)
        continue
      }
      failed += 1
      return console.log(`not ok - ${what}: ${error.cause?.code ?? error.message}`)
    }
  }
}

async function answer(url) {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.text()
}

function signal(name) {
  try {
    process.kill(-village.pid, name)
  } catch {
    // It has ended.
  }
}
