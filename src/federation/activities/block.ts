/** Tells an actor that the community wants nothing to do with it, so that its server cuts the ties too (as Mastodon does). */
export function block(id: string, actor: string, object: string) {
  return { id, type: 'Block', actor, object, to: [object] }
}

export function undoBlock(id: string, actor: string, object: string, blockId: string) {
  return { id, type: 'Undo', actor, object: block(blockId, actor, object), to: [object] }
}
