import { open } from 'node:fs/promises'
import { freemem } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

const PIECE = 1 << 20
/** In milliseconds, after each piece: others want the disk too. */
const REST = 5

/**
 * Reads a file to its end and keeps nothing, so that the system has it in memory for whoever reads here and there in it. Does nothing
 * with one that takes more than half of the memory that is free.
 * @param goOn asked before each piece of a megabyte
 * @throws where it can't be read
 */
export async function readThrough(file: string, goOn: () => boolean): Promise<void> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    if (size > freemem() / 2) return
    const piece = Buffer.allocUnsafe(PIECE)
    for (let from = 0; from < size && goOn(); from += PIECE) {
      await handle.read(piece, 0, PIECE, from)
      await pause(REST, undefined, { ref: false })
    }
  } finally {
    await handle.close()
  }
}
