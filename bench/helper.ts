import { type ChildProcess, fork } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A process of the bench's own that answers questions one at a time. */
export type Helper = { pid: number; ask<T>(question: object): Promise<T>; stop(): void }

/** Starts a module of this folder as a process of its own, and waits until it says that it is ready. */
export async function startHelper(name: string, args: string[] = []): Promise<Helper> {
  const child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), args, { execArgv: [] })
  const ended = new Promise<never>((_, reject) => child.once('exit', code => reject(new Error(`The ${name} process ended with ${code}.`))))
  ended.catch(() => {})
  await Promise.race([nextMessage(child), ended])
  return {
    pid: child.pid!,
    async ask<T>(question: object) {
      const answer = nextMessage(child)
      child.send(question)
      return (await Promise.race([answer, ended])) as T
    },
    stop: () => void child.kill('SIGKILL'),
  }
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise(resolve => child.once('message', resolve))
}

/** Whether the module is the program that was started, and not only imported. */
export function isProgram(url: string): boolean {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url)
}

/** What a helper process does: says that it is ready, then answers each question. Ends with the process that asks. */
export function answerQuestions<T extends object>(answer: (question: T) => Promise<object> | object): void {
  process.on('disconnect', () => process.exit())
  process.on('message', async question => {
    process.send!(await answer(question as T))
  })
  process.send!({ ready: true })
}
