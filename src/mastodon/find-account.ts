import { type Account, accountById } from '../db/account.ts'
import { type Call, missing } from './call.ts'
import { type AccountEntity, accountEntity } from './entities/account.ts'
import { idOf } from './input.ts'

/** The account of the path. @throws Refusal */
export function accountOf({ ctx, params }: Call, name = 'id'): Account {
  const id = idOf(params[name])
  const account = id === undefined ? undefined : accountById(ctx.db, id)
  if (!account) throw missing()
  return account
}

export function showAccount({ ctx }: Pick<Call, 'ctx'>, actor: string): AccountEntity {
  const account = accountEntity(ctx, actor)
  if (!account) throw missing()
  return account
}
