import type { Context } from '../context.ts'
import { transact } from '../db/open.ts'
import { amendSteward, credentialsOf, saveRecoveryCodes, spendRecoveryCode } from '../db/steward.ts'
import { Refusal } from '../domain/refusal.ts'
import { newRecoveryCodes, newTotpSecret, recoveryHash, stepOf } from '../lib/totp.ts'
import { existing, tell } from './steward.ts'

/** Makes the secret for one-time codes; it is in force once `enableTotp` was given a code of it. One begun earlier is kept. */
export function beginTotp(ctx: Context, id: number): string {
  return transact(ctx.db, tx => {
    const steward = existing(tx, id)
    if (steward.totpSince) throw new Refusal('conflict', 'One-time codes are asked for already.')
    const begun = credentialsOf(tx, id)?.totpSecret
    const secret = begun ?? newTotpSecret()
    if (!begun) amendSteward(tx, id, { totpSecret: secret, totpStep: null })
    return secret
  })
}

/** @returns the recovery codes, which are told once; undefined where the code is not right */
export function enableTotp(ctx: Context, id: number, code: string): string[] | undefined {
  return transact(ctx.db, tx => {
    const steward = existing(tx, id)
    if (steward.totpSince) throw new Refusal('conflict', 'One-time codes are asked for already.')
    const secret = credentialsOf(tx, id)?.totpSecret
    const step = secret ? stepOf(secret, code, ctx.now()) : undefined
    if (step === undefined) return undefined
    amendSteward(tx, id, { totpSince: ctx.now(), totpStep: step })
    tell(ctx, tx, 'steward.totp_enabled', steward)
    return renew(tx, id)
  })
}

/** Takes a one-time code or a recovery code; each is good once. @returns which it was, or undefined where it is neither */
export function takeCode(ctx: Context, id: number, code: string): 'totp' | 'recovery' | undefined {
  return transact(ctx.db, tx => {
    const steward = existing(tx, id)
    const kept = credentialsOf(tx, id)
    if (!steward.totpSince || !kept?.totpSecret) return undefined
    const step = stepOf(kept.totpSecret, code, ctx.now())
    if (step !== undefined && step > (kept.totpStep ?? -1)) {
      amendSteward(tx, id, { totpStep: step })
      return 'totp'
    }
    const hash = recoveryHash(code)
    if (!hash || !spendRecoveryCode(tx, id, hash)) return undefined
    tell(ctx, tx, 'steward.recovery_used', steward, { steward: id })
    return 'recovery'
  })
}

/** New recovery codes; the old ones are good no more. @throws Refusal where no one-time codes are asked for */
export function renewRecoveryCodes(ctx: Context, id: number): string[] {
  return transact(ctx.db, tx => {
    const steward = existing(tx, id)
    if (!steward.totpSince) throw new Refusal('conflict', 'There are no one-time codes to recover from.')
    tell(ctx, tx, 'steward.recovery_renewed', steward)
    return renew(tx, id)
  })
}

/** The password is enough again. Also forgets a secret that was only begun. */
export function disableTotp(ctx: Context, id: number): void {
  transact(ctx.db, tx => {
    const steward = existing(tx, id)
    amendSteward(tx, id, { totpSecret: null, totpSince: null, totpStep: null })
    saveRecoveryCodes(tx, id, [])
    if (steward.totpSince) tell(ctx, tx, 'steward.totp_disabled', steward)
  })
}

function renew(tx: Parameters<typeof saveRecoveryCodes>[0], id: number): string[] {
  const codes = newRecoveryCodes()
  saveRecoveryCodes(
    tx,
    id,
    codes.map(code => recoveryHash(code)!),
  )
  return codes
}
