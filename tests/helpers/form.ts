import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { TestNode } from './node.ts'

type Sent = { status: number; location: string; headers: Headers; html: string }

/** What stands in a hidden field of a page. */
export function hidden(html: string, name: string): string {
  const value = new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  return value
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&amp;/g, '&')
}

/** Opens a form and waits until a person could have filled it in. */
export async function openForm(
  node: TestNode,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ ticket: string; html: string }> {
  const html = await (await fetch(node.url + path, { headers: { accept: 'text/html', ...headers } })).text()
  node.clock.offsetMs += 4_000
  return { ticket: hidden(html, 'ticket'), html }
}

/** The work a browser with JavaScript does. */
export async function solve(ticket: string): Promise<string> {
  const { counter, derivedKey } = (await solveChallenge({ challenge: JSON.parse(ticket), deriveKey }))!
  return JSON.stringify({ counter, derivedKey })
}

/** Sends a form as a browser does from a page of the node, unless told otherwise. */
export async function send(
  node: TestNode,
  path: string,
  fields: Record<string, string> | string,
  headers: Record<string, string | undefined> = {},
): Promise<Sent> {
  const all = { origin: node.url, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', ...headers }
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()
  const response = await fetch(node.url + path, { method: 'POST', headers: Object.fromEntries(given), body, redirect: 'manual' })
  return {
    status: response.status,
    location: response.headers.get('location') ?? '',
    headers: response.headers,
    html: await response.text(),
  }
}

/** Opens a form, fills it in and sends it. */
export async function fillIn(
  node: TestNode,
  path: string,
  fields: Record<string, string>,
  { proof = true, headers = {} }: { proof?: boolean; headers?: Record<string, string> } = {},
): Promise<Sent> {
  const { ticket } = await openForm(node, path, headers)
  return send(node, path, { ...fields, ticket, website: '', proof: proof ? await solve(ticket) : '' }, headers)
}
