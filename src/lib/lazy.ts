/**
 * A value made when it is first asked for. For packages that a start or a command can do without: a node should answer within a second,
 * and loading a thousand files takes most of it.
 */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
