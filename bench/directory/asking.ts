import { Pool } from 'undici'

/** Milliseconds that each request took until its last byte had come. */
export async function ask(
  url: string,
  queries: readonly Record<string, string>[],
  connections: number,
): Promise<{ taken: number[]; elapsedMs: number }> {
  const pool = new Pool(url, { connections, pipelining: 1 })
  const taken = new Array<number>(queries.length)
  const queue = queries.entries()
  const since = performance.now()
  const client = async () => {
    for (const [place, query] of queue) {
      const began = performance.now()
      const answer = await pool.request({ method: 'GET', path: `/api/directory?${new URLSearchParams(query)}` })
      await answer.body.dump({ limit: 1 << 24 })
      taken[place] = performance.now() - began
      if (answer.statusCode !== 200) throw new Error(`${JSON.stringify(query)} was answered with ${answer.statusCode}.`)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  const elapsedMs = performance.now() - since
  await pool.destroy()
  return { taken, elapsedMs }
}
