import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import type { Test } from 'tap'

/** Why programs of the system can't be tried, or false. On the machine that checks every change they must be there. */
export function without(name: string, ...probe: [string, ...string[]]): string | false {
  const [command, ...words] = probe
  if (spawnSync(command, words, { stdio: 'ignore' }).status === 0) return false
  const why = `${name} is not installed (apt-get install toot python3-mastodon), so nothing was tried with it.`
  if (process.env.CI) throw new Error(why)
  console.error(why)
  return why
}

export type Run = { code: number | null; output: string }

/** A program with its own home, so that it remembers nothing of another test. */
export function program(t: Test, command: string, home: string) {
  const start = (words: readonly string[]): ChildProcess =>
    spawn(command, words, { env: { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, PYTHONUNBUFFERED: '1', LANG: 'C.UTF-8' } })
  /** Runs it to its end. `answer` is asked at each output what to type; what it gives is typed. */
  return (words: readonly string[], answer?: (output: string) => Promise<string | undefined> | undefined): Promise<Run> =>
    new Promise((resolve, reject) => {
      const child = start(words)
      let output = ''
      const read = (data: Buffer) => {
        output += data
        void answer?.(output)?.then(line => line !== undefined && child.stdin?.write(`${line}\n`))
      }
      child.stdout?.on('data', read)
      child.stderr?.on('data', read)
      child.on('error', reject)
      child.on('close', code => resolve({ code, output }))
      t.teardown(() => child.kill('SIGKILL'))
      if (!answer) child.stdin?.end()
    })
}
