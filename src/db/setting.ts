import { eq } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { settings } from './schema.ts'

/** The name of the secret that the forms for strangers are signed with. */
export const FORM_KEY = 'formKey'

export function setting(db: Db, name: string): string | undefined {
  return db.select().from(settings).where(eq(settings.name, name)).get()?.value
}

export function saveSetting(tx: Tx, name: string, value: string): void {
  tx.insert(settings).values({ name, value }).onConflictDoUpdate({ target: settings.name, set: { value } }).run()
}
