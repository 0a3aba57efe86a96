import { type Attachment, mediaUrl } from '../../../domain/media.ts'
import { PICTURE_TYPES } from '../../../lib/picture.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'
import { type FieldFault, FormFaults } from '../parts/form.tsx'

export const FACES = ['avatar', 'header'] as const
export type Face = (typeof FACES)[number]
type Props = {
  faces: Record<Face, Attachment | undefined>
  wrong?: { face: Face; alt: string; faults: readonly FieldFault[] } | undefined
}

export function picturesPage(props: Props, { t }: Words): AdminPage {
  return {
    title: t('pictures.title'),
    path: '/admin/settings/pictures',
    area: 'settings',
    wrong: props.wrong !== undefined,
    body: <PicturesBody {...props} />,
  }
}

function PicturesBody({ faces, wrong }: Props) {
  const { t } = useWords()
  return (
    <>
      <FormFaults faults={wrong?.faults ?? []} />
      <p>{t('pictures.why')}</p>
      {FACES.map(face => (
        <FaceForm key={face} face={face} picture={faces[face]} wrong={wrong?.face === face ? wrong : undefined} />
      ))}
    </>
  )
}

function FaceForm({ face, picture, wrong }: { face: Face; picture: Attachment | undefined; wrong: Props['wrong'] }) {
  const { t } = useWords()
  const action = `/admin/settings/pictures/${face}`
  const faults = wrong?.faults ?? []
  const faulty = faults.some(({ field }) => field === `file-${face}`)
  return (
    <section aria-labelledby={face}>
      <h2 id={face}>{t(`pictures.${face}`)}</h2>
      {picture?.preview && (
        <img class={`own-face ${face}`} src={mediaUrl('', picture.preview)} alt={picture.alt || t('post.undescribed')} width="320" />
      )}
      <form class="form" method="post" action={action} encType="multipart/form-data">
        <div class="form-field">
          <label for={`file-${face}`}>{t('pictures.file')}</label>
          <p class="help" id={`help-${face}`}>
            {t('pictures.fileHelp')}
          </p>
          <input
            type="file"
            id={`file-${face}`}
            name="file"
            accept={PICTURE_TYPES.join(',')}
            required
            aria-describedby={`help-${face}`}
            {...(faulty ? { 'aria-invalid': true } : {})}
          />
        </div>
        <div class="form-field">
          <label for={`alt-${face}`}>{t('pictures.alt')}</label>
          <input id={`alt-${face}`} name="alt" dir="auto" maxLength={1500} value={wrong?.alt ?? picture?.alt ?? ''} />
        </div>
        <p>
          <button type="submit">{t('pictures.save')}</button>
        </p>
      </form>
      {picture && (
        <form method="post" action={`${action}/remove`}>
          <button type="submit" class="quiet">
            {t('pictures.remove')}
          </button>
        </form>
      )}
    </section>
  )
}
