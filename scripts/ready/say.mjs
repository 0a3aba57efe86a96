import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'

/** Something the person has to do first: `message` is one sentence for them, no stack is shown. */
export class Stop extends Error {
  constructor(message, code = 1) {
    super(message)
    this.code = code
  }
}

/** One line to stderr, written at once: a process.exit right after must not cut it off. */
export function say(line) {
  write(`${line}\n`)
}

function write(text) {
  try {
    writeSync(2, text)
  } catch {
    // A closed or full stderr is no reason to fail.
  }
}

/**
 * Runs a program to its end with nothing to read, and gives back its exit code and everything it printed. While it runs, shows
 * how long it has been going: a ticking line on a terminal, a line every half minute elsewhere. Ctrl-C reaches it and ends us too.
 */
export async function run(what, command, args, options = {}) {
  const started = Date.now()
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', text => {
      output += text
    })
  }
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const terminal = process.stderr.isTTY
  const clock = setInterval(() => {
    if (terminal) write(`\r  ${what}: ${seconds()} s `)
    else if (seconds() % 30 === 0) say(`  ${what}: ${seconds()} s`)
  }, 1000)
  let stopped
  const stop = signal => {
    stopped = signal
    child.kill(signal)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  try {
    const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
    if (stopped) throw new Stop(`${what} was stopped.`, stopped === 'SIGINT' ? 130 : 143)
    return { code, output, seconds: seconds() }
  } finally {
    clearInterval(clock)
    if (terminal && seconds() > 0) write('\r\x1b[K')
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}
