/** Argon2id as OWASP recommends it: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** A password nobody has, so that asking about a name nobody has takes as long as about any other. */
const NOBODYS = '$argon2id$v=19$m=19456,t=2,p=1$zJdbioBphXV3Wiy3i+EcyQ$KSSkex2nB++2oQUdAOU+VwPMXQ/hDgJnvJJrrb+PDpY'

export async function hashPassword(password: string): Promise<string> {
  const { hash } = await argon2()
  return hash(password.normalize('NFC'), COST)
}

/** @param hash of the password, or undefined where there is none to fit */
export async function passwordFits(hash: string | undefined, password: string): Promise<boolean> {
  const { verify } = await argon2()
  const fits = await verify(hash || NOBODYS, password.normalize('NFC'))
  return fits && Boolean(hash)
}

// Loaded when somebody first signs in.
function argon2() {
  return import('@node-rs/argon2')
}
