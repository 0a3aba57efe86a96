// npm run dev: serves, and builds and starts again whenever a source changes. A source that does not compile leaves the old one running.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { Stop, say } from './ready/say.mjs'
import { orStop, ready, root } from './ready.mjs'

await orStop(() => ready())
let server = start()
let timer
let stopping = false

for (const folder of ['src', 'migrations']) {
  watch(join(root, folder), { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(renew, 150)
  })
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping = true
    server?.kill(signal)
  })
}

function start() {
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'bin/archipelago.js'), 'serve', ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  child.on('exit', code => {
    if (stopping) process.exit(code ?? 0)
    if (child === server) say('The server has ended; it starts again when a source changes.')
  })
  return child
}

let work = Promise.resolve()
function renew() {
  work = work.then(async () => {
    try {
      await ready()
    } catch (error) {
      if (!(error instanceof Stop)) throw error
      return say(error.message)
    }
    const old = server
    server = undefined
    if (old.exitCode === null && old.signalCode === null) {
      const ended = new Promise(resolve => old.once('exit', resolve))
      old.kill('SIGTERM')
      await ended
    }
    if (stopping) process.exit(0)
    server = start()
  })
}
