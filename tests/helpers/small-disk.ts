import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'

export type SmallDisk = { path: string; fill(): void; free(): void; protect(): void }

/** A disk of a few megabytes in memory, or undefined where nobody may mount one. */
export function smallDisk(t: Test, megabytes = 6): SmallDisk | undefined {
  const path = t.testdir()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', path], { stdio: 'pipe' })
  } catch {
    return undefined
  }
  t.teardown(() => execFileSync('umount', ['-l', path]))
  const filler = join(path, 'filler')
  return {
    path,
    fill() {
      const { bavail, bsize } = statfsSync(path)
      writeFileSync(filler, Buffer.alloc(bavail * bsize))
    },
    free: () => rmSync(filler),
    protect: () => void execFileSync('mount', ['-o', 'remount,ro', path]),
  }
}
