import { type Attachment, LONGEST_ALT, MOST_PICTURES, mediaUrl } from '../../../domain/media.ts'
import { type Post, VISIBILITIES } from '../../../domain/post.ts'
import type { Words } from '../../messages.ts'
import { PostText } from '../../parts/post-item.tsx'
import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'
import { ChoiceField, type FieldFault, FormFaults, TextField, TickField } from '../parts/form.tsx'
import { EventFields, QuestionFields } from '../parts/post-kind-fields.tsx'
import { POST_KINDS, type PostForm } from '../posts-form.ts'
import { PostTabs } from './posts-page.tsx'

export type WriteProps = {
  form: PostForm
  /** The post this answers. */
  answered: Post | undefined
  /** The post this changes. */
  editing?: Post
  faults: readonly FieldFault[]
  preview?: { post: Post; attachments: readonly Attachment[] }
  now: Date
}

export function postWritePage(props: WriteProps, { t }: Words): AdminPage {
  const { form, editing, answered, faults } = props
  const title = editing ? t('adminposts.edit') : answered ? t('adminposts.answer') : t(`adminposts.new.${form.kind}`)
  const path = editing ? `/admin/posts/${editing.id}/edit` : '/admin/posts/new'
  return { title, path, area: 'posts', wrong: faults.length > 0, scripts: ['post-write.js'], body: <Write {...props} path={path} /> }
}

function Write({ form, answered, editing, faults, preview, now, path }: WriteProps & { path: string }) {
  const { t } = useWords()
  const { kind, fields } = form
  return (
    <>
      <PostTabs current="new" />
      {!editing && !answered && <Kinds current={kind} />}
      <FormFaults faults={faults} said={t('adminposts.notPublished')} />
      {preview && <Preview {...preview} now={now} />}
      {answered && (
        <section class="answered" aria-label={t('adminposts.answers')}>
          <PostText post={answered} />
        </section>
      )}
      <form class="form" method="post" action={path} encType="multipart/form-data">
        <button type="submit" name="do" value="preview" class="unseen" tabIndex={-1} aria-hidden="true">
          {t('adminposts.preview')}
        </button>
        <input type="hidden" name="kind" value={kind} />
        {answered && <input type="hidden" name="reply" value={answered.id} />}
        {(kind === 'article' || kind === 'event') && (
          <TextField name="title" label={t('adminposts.title')} value={fields.title} faults={faults} most={200} required />
        )}
        {kind === 'event' && <EventFields fields={fields} faults={faults} />}
        <TextField
          name="text"
          type="long"
          rows={kind === 'article' ? 18 : 8}
          label={t(kind === 'question' ? 'adminposts.question' : kind === 'event' ? 'adminposts.more' : 'adminposts.text')}
          help={t('adminposts.textHelp')}
          value={fields.text}
          faults={faults}
        />
        {kind === 'question' && <QuestionFields fields={fields} faults={faults} asked={editing?.details} now={now} />}
        <Pictures form={form} faults={faults} />
        <About {...{ form, faults, answered }} editing={editing !== undefined} />
        <p class="buttons">
          <button type="submit" name="do" value="publish">
            {t(editing ? 'adminposts.saveEdit' : 'adminposts.publish')}
          </button>
          <button type="submit" class="quietly" name="do" value="preview">
            {t('adminposts.preview')}
          </button>
        </p>
      </form>
    </>
  )
}

function Kinds({ current }: { current: string }) {
  const { t } = useWords()
  return (
    <nav class="kinds" aria-label={t('adminposts.kinds')}>
      <ul class="inline">
        {POST_KINDS.map(kind => (
          <li key={kind}>
            <a href={`/admin/posts/new?kind=${kind}`} aria-current={kind === current ? 'page' : undefined}>
              {t(`adminposts.kind.${kind}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Preview({ post, attachments, now }: NonNullable<WriteProps['preview']> & Pick<WriteProps, 'now'>) {
  const { t } = useWords()
  return (
    <section class="post-preview" aria-labelledby="preview">
      <h2 id="preview">{t('adminposts.previewTitle')}</h2>
      {post.name && <h3 dir="auto">{post.name}</h3>}
      <PostText post={post} attachments={attachments} now={now} />
    </section>
  )
}

function Pictures({ form: { pictures, fields }, faults }: { form: PostForm; faults: readonly FieldFault[] }) {
  const { t } = useWords()
  const fault = faults.find(({ field }) => field === 'files')
  return (
    <fieldset class="form-field items">
      <legend>{t('adminposts.pictures')}</legend>
      {pictures.map(({ id, preview, file, said, width, height }) => {
        const alt = `alt-${id}`
        return (
          <div key={id} class="item pictured">
            <input type="hidden" name="picture" value={id} />
            <img src={mediaUrl('', preview ?? file!)} alt="" {...(width && height ? { width, height } : {})} />
            <TextField
              name={alt}
              type="long"
              rows={3}
              label={t('adminposts.alt')}
              help={t('adminposts.altHelp')}
              value={said}
              faults={faults}
              most={LONGEST_ALT}
            />
            {faults.some(({ field }) => field === alt) && said.trim() === '' && (
              <TickField name={`bare-${id}`} label={t('adminposts.bare')} checked={fields[`bare-${id}`] !== undefined} />
            )}
            <TickField name={`drop-${id}`} label={t('adminposts.drop')} />
          </div>
        )
      })}
      {pictures.length < MOST_PICTURES && (
        <div class="form-field">
          <label for="files">{t('adminposts.addPictures')}</label>
          <p class="soft" id="files-help">
            {t('adminposts.addHelp', { most: MOST_PICTURES })}
          </p>
          {fault && (
            <p class="fault" id="files-fault">
              {fault.text}
            </p>
          )}
          <input type="file" id="files" name="files" accept="image/*" multiple aria-describedby="files-help" />
        </div>
      )}
      <p>
        <button type="submit" class="quietly" name="do" value="picture">
          {t('adminposts.keepPictures')}
        </button>
      </p>
    </fieldset>
  )
}

function About({
  form: { kind, fields },
  faults,
  answered,
  editing,
}: {
  form: PostForm
  faults: readonly FieldFault[]
  answered: Post | undefined
  editing: boolean
}) {
  const { t } = useWords()
  const options = VISIBILITIES.map(value => ({
    value,
    label: t(`adminposts.visibility.${value}`),
    help: t(`adminposts.visibilityHelp.${value}`),
  }))
  return (
    <>
      <TextField
        name="warning"
        label={t('adminposts.warning')}
        help={t('adminposts.warningHelp')}
        value={fields.warning}
        faults={faults}
        most={500}
      />
      <TickField name="sensitive" label={t('adminposts.sensitive')} checked={fields.sensitive === 'yes'} />
      <TextField
        name="language"
        label={t('adminposts.language')}
        help={t('adminposts.languageHelp')}
        value={fields.language}
        faults={faults}
        most={35}
      />
      {!editing && (
        <ChoiceField
          name="visibility"
          label={t('adminposts.whoReads')}
          value={fields.visibility ?? 'public'}
          options={options}
          faults={faults}
        />
      )}
      {!editing && !answered && kind === 'note' && (
        <TextField
          name="reply"
          label={t('adminposts.reply')}
          help={t('adminposts.replyHelp')}
          value={fields.reply}
          faults={faults}
          autocomplete="off"
        />
      )}
    </>
  )
}
