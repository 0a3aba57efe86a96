/**
 * Ends this process as SIGTERM would once the one that started it is gone. npm and npx run a command through `sh -c`; a signal
 * sent to npm reaches that shell and not us, and the command would go on alone.
 */
export function endWithParent() {
  if (!process.env.npm_command) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 300)
  watch.unref()
}
