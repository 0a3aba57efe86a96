import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via', 'cf-connecting-ip']

/**
 * Is the caller a program on this machine, or does it know the token? Looks at the socket and not at what anybody says; a proxy on this
 * machine is told by the headers it adds, or by the public name it was asked under.
 */
export function isPrivateCaller(request: FastifyRequest, token: string): boolean {
  const { authorization, host = '' } = request.headers
  if (token && authorization?.startsWith('Bearer ')) return sameText(authorization.slice('Bearer '.length), token)
  if (FORWARDED.some(name => request.headers[name] !== undefined)) return false
  return isLoopback(request.socket.remoteAddress ?? '') && isLocalName(host)
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}

function isLocalName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  return name.toLowerCase() === 'localhost' || isLoopback(name)
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
