#!/usr/bin/env node
// Plain, old JavaScript: a Node that is too old must get as far as the sentence that says so.
import { existsSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

const launcher = new URL('../scripts/ready.mjs', import.meta.url)
const command = new URL('../dist/bundle/cli.js', import.meta.url)

async function start() {
  // A production image has only what is built.
  if (existsSync(launcher)) {
    const { orStop, ready } = await import(launcher.href)
    await orStop(() => ready())
  }
  await import(command.href)
}

// Loading a thousand modules would grow the memory for young objects by 20 MB that an idle node never gives back. It may grow later.
setFlagsFromString('--semi-space-growth-factor=1')
setTimeout(() => setFlagsFromString('--semi-space-growth-factor=2'), 5000).unref()
// What runs once is not worth optimising: that alone is a sixth of the work until the first answer.
setFlagsFromString('--no-opt')
setTimeout(() => setFlagsFromString('--opt'), 1500).unref()

// `archipelago search farm | head` closes our output early: that is no fault.
process.stdout.on('error', error => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

start().catch(error => {
  console.error(error)
  process.exit(1)
})
