import { authoriseApp, redeemCode, registerApp } from '../../src/actions/oauth.ts'
import { OUT_OF_BAND } from '../../src/domain/oauth.ts'
import type { Role, Steward } from '../../src/domain/steward.ts'
import type { TestNode } from './node.ts'
import { addTestSteward } from './steward.ts'

export type Answer<T> = { status: number; headers: Headers; body: T }
export type Client = Awaited<ReturnType<typeof clientOf>>

export const ALL_SCOPES = 'read write follow push profile'

/** An app that a steward has let in, without the pages in between: tests/client-oauth.test.ts goes through those. */
export async function clientOf(
  node: TestNode,
  { scopes = ALL_SCOPES, role = 'owner', name = 'ada', steward }: { scopes?: string; role?: Role; name?: string; steward?: Steward } = {},
) {
  const { ctx } = node
  const who = steward ?? (await addTestSteward(node, { name, role }))
  const { app, secret } = registerApp(ctx, { name: 'Test app', redirectUris: OUT_OF_BAND, scopes, website: undefined })
  const asked = { app, redirectUri: OUT_OF_BAND, scopes: scopes.split(' '), state: undefined, challenge: undefined }
  const code = authoriseApp(ctx, who.id, asked)
  const { token } = redeemCode(ctx, app, { code, redirectUri: OUT_OF_BAND, verifier: undefined })
  return { app, secret, token, steward: who, ...callerOf(node, token) }
}

/** Asks as an app with this token, or with none. */
export function callerOf(node: Pick<TestNode, 'url'>, token?: string) {
  const call = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> => {
    const form = body instanceof FormData || body instanceof URLSearchParams
    const response = await fetch(new URL(path, node.url), {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : undefined) as T }
  }
  return {
    get: <T = Record<string, unknown>>(path: string, headers?: Record<string, string>) => call<T>('GET', path, undefined, headers),
    post: <T = Record<string, unknown>>(path: string, body?: unknown, headers?: Record<string, string>) =>
      call<T>('POST', path, body, headers),
    put: <T = Record<string, unknown>>(path: string, body?: unknown) => call<T>('PUT', path, body),
    patch: <T = Record<string, unknown>>(path: string, body?: unknown) => call<T>('PATCH', path, body),
    del: <T = Record<string, unknown>>(path: string, body?: unknown) => call<T>('DELETE', path, body),
    call,
  }
}

/** The links of a page by their relation. */
export function linksOf({ headers }: Pick<Answer<unknown>, 'headers'>): Record<string, string> {
  const all = headers.get('link')?.split(', ') ?? []
  return Object.fromEntries(
    all.flatMap(link => {
      const [, url, rel] = /^<([^>]+)>; rel="(\w+)"$/.exec(link) ?? []
      return url && rel ? [[rel, url]] : []
    }),
  )
}
