import canonicalize from 'canonicalize'

/**
 * The canonical form of a JSON value (RFC 8785). What already stands in canonical order, as nearly everything from other nodes does,
 * takes a tenth of the time.
 * @returns undefined for what is no JSON @throws where there is no canonical form: a lone surrogate, a number that is none, a circle
 */
export function canonical(value: unknown): string | undefined {
  if (!isInOrder(value)) return canonicalize(value)
  const text = JSON.stringify(value)
  // So are half characters written, which have no canonical form.
  return text.includes('\\ud') ? canonicalize(value) : text
}

function isInOrder(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return false
  if (Array.isArray(value)) return value.every(isInOrder)
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  let before: string | undefined
  for (const [name, inner] of Object.entries(value)) {
    if ((before !== undefined && name < before) || !isInOrder(inner)) return false
    before = name
  }
  return true
}
