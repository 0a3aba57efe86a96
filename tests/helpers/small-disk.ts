import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

export type SmallDisk = { path: string; fill(): void; free(): void; protect(): void }

/** A disk of a few megabytes in memory, or undefined where nobody may mount one. */
export function smallDisk(t: Test, megabytes = 6): SmallDisk | undefined {
  // Not a testdir: those are removed before they can be unmounted.
  const path = mkdtempSync(join(tmpdir(), 'archipelago-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', path], { stdio: 'pipe' })
  } catch {
    rmdirSync(path)
    return undefined
  }
  t.teardown(() => {
    execFileSync('umount', ['-l', path])
    rmdirSync(path)
  })
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
