import { eq } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { settings } from './schema.ts'

export function setting(db: Db, name: string): string | undefined {
  return db.select().from(settings).where(eq(settings.name, name)).get()?.value
}

export function saveSetting(tx: Tx, name: string, value: string): void {
  tx.insert(settings).values({ name, value }).onConflictDoUpdate({ target: settings.name, set: { value } }).run()
}
