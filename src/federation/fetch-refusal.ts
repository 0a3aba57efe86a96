export type FetchFault =
  | 'url' // not an address at all
  | 'scheme'
  | 'credentials'
  | 'port'
  | 'address' // on this machine or in its network
  | 'redirect'
  | 'too-large'
  | 'encoding'
  | 'timeout'
  | 'network' // the other side could not be reached, or did not speak HTTP

/** Why nothing was fetched. Only `timeout` and `network` may be different another time. */
export class FetchRefusal extends Error {
  override name = 'FetchRefusal'
  readonly code: FetchFault
  constructor(code: FetchFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
