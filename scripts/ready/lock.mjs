import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Stop, say } from './say.mjs'

/** Runs `task` while no other process holds `file`. The lock of a process that has died is taken over. */
export async function withLock(file, task) {
  makeFolder(dirname(file))
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), since: Date.now() })
  let waiting = false
  while (!take(file, mine)) {
    const theirs = read(file)
    if (theirs !== undefined && isDead(theirs)) {
      breakLock(file, theirs)
      continue
    }
    if (!waiting) say('Another command is getting this checkout ready; waiting for it.')
    waiting = true
    await pause(200)
  }
  const release = () => {
    if (read(file) === mine) rmSync(file, { force: true })
  }
  process.on('exit', release)
  try {
    return await task()
  } finally {
    process.off('exit', release)
    release()
  }
}

function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new Stop(
      `${folder} can't be written to (${error.code}): run the command as the owner of this checkout, or in a copy of your own.`,
    )
  }
}

// Written aside and linked into place, so that nobody ever reads a lock without its owner.
function take(file, mine) {
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, mine)
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function isDead(owner) {
  const { pid, host, since } = JSON.parse(owner)
  // Process numbers are used again: nothing here takes half an hour.
  if (Date.now() - since > 30 * 60_000) return true
  if (host !== hostname()) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

// Two waiters may find the same dead owner: whoever moves away a lock that is not that owner's puts it back.
function breakLock(file, dead) {
  const aside = `${file}.${process.pid}.old`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  try {
    if (read(aside) !== dead) linkSync(aside, file)
  } catch {
    // Somebody has taken it meanwhile.
  }
  rmSync(aside, { force: true })
}
