import type { Dispatcher } from 'undici'
import { FetchRefusal } from './fetch-refusal.ts'
import { isPlain, joined } from './response-body.ts'

/** A POST on its way. `reset` closes the connection after it. */
export type Post = { url: URL; headers: Record<string, string>; body: Buffer; timeoutMs: number; reset: boolean }
export type PostLimits = { answerBytes: number; earlyHints: number }
type Answer = { status: number; headers: Record<string, string>; body: Buffer; url: URL }

/**
 * POSTs and follows nothing. Whoever answers has answered with the first line: a body that drips, breaks off, goes on after
 * `answerBytes` or outlasts the deadline does not undo that; of an encoded one nothing is kept.
 * Speaks to the dispatcher itself: a stream, an abort signal and a scope for each request cost as much as the request.
 */
export function postRequest(agent: Dispatcher, { url, headers, body, timeoutMs, reset }: Post, limits: PostLimits): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let control: Dispatcher.DispatchController | undefined
    let answer: Answer | undefined
    let over = false
    let hints = 0
    const chunks: Buffer[] = []
    let length = 0

    // Whatever happens first counts.
    function end(error?: Error): void {
      if (over) return
      over = true
      clearTimeout(timer)
      if (!answer) return void reject(error)
      if (chunks.length > 0 && isPlain(answer.headers)) answer.body = Buffer.concat(chunks).subarray(0, limits.answerBytes)
      resolve(answer)
    }
    function stop(error: FetchRefusal): void {
      end(error)
      control?.abort(error)
    }
    const timedOut = () => new FetchRefusal('timeout', `${url.host} took too long.`)
    const timer = setTimeout(() => stop(timedOut()), timeoutMs)

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        control = controller
        // One that waited for a free connection until its time was up.
        if (over) controller.abort(timedOut())
      },
      onResponseStart(_, status, received) {
        if (status >= 200) answer = { status, headers: joined(received), body: Buffer.alloc(0), url }
        else if (++hints > limits.earlyHints) stop(new FetchRefusal('too-large', `${url.host} sends hints without end.`))
      },
      onResponseData(_, chunk) {
        chunks.push(chunk)
        length += chunk.length
        if (length > limits.answerBytes) stop(new FetchRefusal('too-large', `${url.host} says more than is read.`))
      },
      onResponseEnd: () => end(),
      onResponseError: (_, error) => end(error),
    }
    agent.dispatch({ origin: url.origin, path: url.pathname + url.search, method: 'POST', headers, body, reset }, handler)
  })
}
