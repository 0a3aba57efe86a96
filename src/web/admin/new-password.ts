import type { Context } from '../../context.ts'
import { localCommunity } from '../../db/community.ts'
import { faultOfPassword, PASSWORD, type PasswordFault } from '../../domain/steward.ts'
import type { Words } from '../messages.ts'
import type { FieldFault } from './parts/form.tsx'

const FAULTS: Record<PasswordFault, string> = {
  short: 'signin.passwordShort',
  long: 'signin.passwordLong',
  common: 'signin.passwordCommon',
  own: 'signin.passwordOwn',
}

/** What is wrong with a password somebody has just chosen, twice. @param name of the steward */
export function newPasswordFaults(
  { db, config }: Context,
  { t }: Words,
  name: string,
  { password = '', again = '' }: Record<string, string>,
): FieldFault[] {
  const fault = faultOfPassword(password, [name, localCommunity(db)?.handle ?? '', config.host])
  if (fault) return [{ field: 'password', text: t(FAULTS[fault], { shortest: PASSWORD.shortest, longest: PASSWORD.longest }) }]
  return password === again ? [] : [{ field: 'again', text: t('signin.passwordsDiffer') }]
}
