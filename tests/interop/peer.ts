import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { root } from '../helpers/root.ts'

const folder = new URL('tests/interop/', root)
/** Node 24, which Fedify needs; it comes with the other packages. */
export const NODE = fileURLToPath(new URL('node_modules/node/bin/node', folder))

export type Heard = {
  id: string
  type: string
  kind: 'cavage' | 'rfc9421' | 'none'
  status: number
  /** The id of the key by which the request's signature holds. */
  signature: string | null
  /** What another reading of RFC 9421 says of the signature; null where it is draft-cavage. */
  message: boolean | null
  /** Whether the document's integrity proof holds; null where it has none. */
  proof: boolean | null
  /** Whether Fedify took it for verified. */
  listened: boolean
  document: Record<string, unknown>
}
export type State = {
  heard: Heard[]
  sent: { url: string; status: number; kind: string; answered: string; document: Record<string, unknown> & { object: { id: string } } }[]
  faults: string[]
  followers: Record<string, string[]>
  following: Record<string, string[]>
}

/** Why the software of others can't be had here, or false. On a machine that tests for everybody that is no excuse. */
export function withoutPeers(): string | false {
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('ready.mjs', folder))], {
    stdio: ['ignore', 2, 2],
    timeout: 110_000,
  })
  if (status === 0 || process.env.CI === 'true') return false
  return 'NOT TESTED AGAINST THE SOFTWARE OF OTHERS: it could not be installed. Try: node tests/interop/ready.mjs'
}

export type Peer = Awaited<ReturnType<typeof startPeer>>

/** A Fedify server in a process of its own; it ends with the test. */
export async function startPeer(t: Test) {
  const child = spawn(NODE, [fileURLToPath(new URL('peer/main.mjs', folder))], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  t.teardown(() => {
    child.stdin.end()
    return ended
  })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve)
    child.once('error', reject)
    void ended.then(code => reject(new Error(`The Fedify server ended with ${code}.`)))
  })
  const { origin, control } = JSON.parse(line) as { origin: string; control: string }

  async function ask<T = string>(command: string, words: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${control}/${command}`, { method: 'POST', body: JSON.stringify(words) })
    const answer = (await response.json()) as T
    if (!response.ok) throw new Error(`${command}: ${(answer as { error: string }).error}`)
    return answer
  }

  return {
    origin,
    host: new URL(origin).host,
    ask,
    state: () => ask<State>('state'),
    /** What came to its inboxes of this type, oldest first. */
    heard: async (type: string) => (await ask<State>('state')).heard.filter(it => it.type === type),
  }
}
