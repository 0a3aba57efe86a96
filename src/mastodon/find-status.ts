import { isOpenItem, itemById, itemOfPost, type TimelineItem } from '../db/timeline.ts'
import { type Call, missing } from './call.ts'
import { type StatusEntity, statusEntity } from './entities/status.ts'
import { idOf } from './input.ts'

/** The post or boost of the path. What is not for whoever asks is answered like what is not there. @throws Refusal */
export function itemOf({ ctx, grant, params }: Call): TimelineItem {
  const id = idOf(params.id)
  const item = id !== undefined && (grant?.steward || isOpenItem(ctx.db, id)) ? itemById(ctx.db, id) : undefined
  if (!item) throw missing()
  return item
}

export function showItem({ ctx, grant }: Call, item: TimelineItem | undefined): StatusEntity {
  const status = item && statusEntity(ctx, item, grant?.steward !== undefined)
  if (!status) throw missing()
  return status
}

/** A post as it stands now. */
export function showPost(call: Call, post: number): StatusEntity {
  return showItem(call, itemOfPost(call.ctx.db, post))
}
