import { createHash, createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { Agent, request } from 'undici'
import { answerQuestions, isProgram } from './helper.ts'
import type { World } from './world.ts'

export type FloorQuestion = { body: string; atOnce: number }
export type FloorAnswer = { elapsedMs: number; cpuSeconds: number; arrived: number }

const signed = promisify(sign)

/** The least a delivery can cost: one body for all, and for each host a digest, an RSA-2048 signature in the thread pool and a POST. */
async function main(worldFile: string): Promise<void> {
  const world = JSON.parse(readFileSync(worldFile, 'utf8')) as World
  const key = createPrivateKey(world.keys[0]!.privateKey)
  const dispatcher = new Agent({ connections: 1, pipelining: 1 })

  async function deliver(hostname: string, body: Buffer): Promise<boolean> {
    const host = `${hostname}:${world.port}`
    const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`
    const date = new Date().toUTCString()
    const base = `(request-target): post /inbox\nhost: ${host}\ndate: ${date}\ndigest: ${digest}`
    const signature = (await signed('sha256', Buffer.from(base), key)).toString('base64')
    const headers = {
      host,
      date,
      digest,
      'content-type': 'application/activity+json',
      signature: `keyId="http://localhost/#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="${signature}"`,
    }
    const answer = await request(`http://${host}/inbox`, { method: 'POST', headers, body, dispatcher })
    await answer.body.dump()
    return answer.statusCode === 202
  }

  answerQuestions<FloorQuestion>(async ({ body, atOnce }) => {
    const bytes = Buffer.from(body)
    const queue = world.hosts.values()
    let arrived = 0
    const [since, before] = [performance.now(), process.cpuUsage()]
    const worker = async () => {
      for (const hostname of queue) if (await deliver(hostname, bytes)) arrived++
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    const { user, system } = process.cpuUsage(before)
    return { elapsedMs: performance.now() - since, cpuSeconds: (user + system) / 1e6, arrived } satisfies FloorAnswer
  })
}

if (isProgram(import.meta.url)) await main(process.argv[2]!)
