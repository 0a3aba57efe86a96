export type DocumentFault =
  | 'encoding' // not UTF-8, or characters that are none
  | 'syntax' // not JSON
  | 'shape' // not an object
  | 'prototype'
  | 'depth'
  | 'size' // too many values, items or characters
  | 'number'
  | 'id'
  | 'type'
  | 'keyword' // JSON-LD that moves or hides what the document says
  | 'context'
  | 'identity' // a term renamed so that two readers see two different documents
  | 'json-ld'

/** Why a document is not looked at any further. The message is for the log and for the sender's administrator. */
export class DocumentRefusal extends Error {
  override name = 'DocumentRefusal'
  readonly code: DocumentFault
  constructor(code: DocumentFault, message: string) {
    super(message)
    this.code = code
  }
}
