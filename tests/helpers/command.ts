import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { root } from './root.ts'

const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url))

export type Ran = { code: number | null; out: string; err: string }

/** Runs `archipelago` as a steward would, in a process of its own. */
export async function archipelago(env: Record<string, string>, args: string[], input?: string): Promise<Ran> {
  const child = start(env, args)
  child.stdin!.end(input ?? '')
  const [out, err] = [gather(child.stdout!), gather(child.stderr!)]
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, out: await out, err: await err }
}

export function start(env: Record<string, string>, args: string[]): ChildProcess {
  const { PATH = '', HOME = '' } = globalThis.process.env
  // The test runner puts itself into every Node it starts; a steward's has nobody inside.
  return spawn('env', ['-u', 'NODE_OPTIONS', globalThis.process.execPath, cli, ...args], {
    cwd: fileURLToPath(root),
    env: { PATH, HOME, ...env },
  })
}

/** Starts a server and resolves when it answers. */
export async function serve(env: Record<string, string>): Promise<ChildProcess> {
  const child = start({ LOG_LEVEL: 'warn', ...env }, ['serve'])
  let err = ''
  child.stderr!.on('data', chunk => (err += String(chunk)))
  child.stdout!.resume()
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`The server stopped: ${err}`)
    return (await fetch(`http://localhost:${env.PORT}/nodeinfo/2.1`).catch(() => undefined))?.ok
  }, 20_000)
  return child
}

export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const closed = new Promise<number | null>(resolve => child.once('exit', resolve))
  child.kill(signal)
  return closed
}

/** Asks again until the answer is yes. @throws when it is still no after `ms` */
export async function until(question: () => Promise<unknown> | unknown, ms = 30_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await question())) {
    if (Date.now() > end) throw new Error(`Still not so after ${ms} ms: ${String(question)}`)
    await pause(25)
  }
}

async function gather(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}
