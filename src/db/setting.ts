import type { Db, Tx } from './open.ts'
import { listing, writing } from './statement.ts'

/** The name of the secret that the forms for strangers are signed with. */
export const FORM_KEY = 'formKey'

export function setting(db: Db, name: string): string | undefined {
  return listing(db, 'select value from settings where name = ?').get(name) as string | undefined
}

export function saveSetting(tx: Tx, name: string, value: string): void {
  writing(tx, 'insert into settings (name, value) values (?, ?) on conflict (name) do update set value = excluded.value').run(name, value)
}
