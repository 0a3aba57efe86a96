/** Lets at most `width` tasks run at once; the others wait in line. */
export function createTurnstile(width: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let inside = 0
  return async task => {
    if (inside >= width) await new Promise<void>(resolve => waiting.push(resolve))
    else inside++
    try {
      return await task()
    } finally {
      // Whoever is next takes the place over, so that nobody slips in between.
      const next = waiting.shift()
      if (next) next()
      else inside--
    }
  }
}
