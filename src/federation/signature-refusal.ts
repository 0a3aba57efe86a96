export type SignatureFault = 'unsigned' | 'malformed' | 'uncovered' | 'stale' | 'digest' | 'host' | 'algorithm' | 'weak-key'

/** Why a signature, or the key that should check it, is not taken. The message is for the log and for the sender's administrator. */
export class SignatureRefusal extends Error {
  override name = 'SignatureRefusal'
  readonly code: SignatureFault
  constructor(code: SignatureFault, message: string) {
    super(message)
    this.code = code
  }
}
