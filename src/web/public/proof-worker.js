// Looks for a number that, behind the nonce, gives a key with the wanted beginning (ALTCHA, PBKDF2/SHA-256).
const bytes = hex => Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
const hex = buffer => Array.from(new Uint8Array(buffer), byte => byte.toString(16).padStart(2, '0')).join('')

self.onmessage = async ({ data: { nonce, salt, cost, keyLength, keyPrefix } }) => {
  const known = bytes(nonce)
  const password = new Uint8Array(known.length + 4)
  password.set(known)
  const tail = new DataView(password.buffer, known.length)
  const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes(salt), iterations: cost }
  for (let counter = 0; ; counter++) {
    tail.setUint32(0, counter)
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
    const derivedKey = hex(await crypto.subtle.deriveBits(pbkdf2, key, keyLength * 8))
    if (!derivedKey.startsWith(keyPrefix)) continue
    self.postMessage({ counter, derivedKey })
    return
  }
}
