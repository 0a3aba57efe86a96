import type { Steward } from '../../../domain/steward.ts'
import type { Words } from '../../messages.ts'
import type { AdminPage } from '../layout.tsx'
import { type FieldFault, FormFaults, TextField } from '../parts/form.tsx'

/** Before somebody is a steward no more: what it means, and their name to be typed. */
export function removeStewardPage({ steward, faults }: { steward: Steward; faults: readonly FieldFault[] }, { t, rich }: Words): AdminPage {
  const { id, name } = steward
  return {
    title: t('stewards.removeTitle', { name }),
    path: `/admin/stewards/${id}/remove`,
    area: 'stewards',
    wrong: faults.length > 0,
    body: (
      <>
        <FormFaults faults={faults} />
        <p>{t('stewards.removeHelp')}</p>
        <form class="form" method="post" action={`/admin/stewards/${id}/remove`}>
          <TextField
            name="name"
            label={rich('admin.typeName', { name: <bdi>{name}</bdi> })}
            faults={faults}
            required
            most={80}
            autocomplete="off"
          />
          <p>
            <button type="submit" class="danger">
              {t('stewards.remove')}
            </button>
          </p>
        </form>
        <p>
          <a href="/admin/stewards">{t('stewards.back')}</a>
        </p>
      </>
    ),
  }
}
