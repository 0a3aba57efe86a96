import { readFileSync, statSync } from 'node:fs'
import { Argument, type Command } from 'commander'
import { addPicture, drawPicture, wearPicture } from '../actions/media.ts'
import type { Context } from '../context.ts'
import { type Attachment, attachmentUrl, LARGEST_PICTURE } from '../domain/media.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Picture } from '../lib/picture.ts'
import { print } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

type PictureOptions = JsonOption & { alt?: string; remove?: boolean }

export function pictureCommands(program: Command): void {
  jsonOption(program.command('picture'))
    .description('give the community a picture of its own (avatar), or a wide one above its page (header)')
    .addArgument(new Argument('<which>').choices(['avatar', 'header']))
    .argument('[file]', 'a JPEG, PNG, WebP, GIF or AVIF file; where it was taken is not kept')
    .option('--alt <words>', 'what it shows, for those who can’t see it')
    .option('--remove', 'take the one there is away')
    .action((which: 'avatar' | 'header', file: string | undefined, { alt, remove, json }: PictureOptions) =>
      withNode(async ctx => {
        if ((file === undefined) === !remove) throw new Refusal('invalid', 'Name a file, or say --remove.')
        const worn = wearPicture(ctx, which, file === undefined ? undefined : await drawn(file), alt)
        const url = worn && attachmentUrl(ctx.config.publicUrl, worn)
        print({ which, url: url ?? null }, json, () => (url ? `Others see it from now on: ${url}` : `There is no ${which} any more.`))
      }),
    )
}

/** Keeps a picture of the disk for a post. @throws Refusal when the file can't be read, or is no picture */
export async function addPictureFile(ctx: Context, file: string, alt?: string): Promise<Attachment> {
  return addPicture(ctx, await drawn(file), alt === undefined ? {} : { alt })
}

function drawn(file: string): Promise<Picture> {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) throw new Refusal('missing', `There is no file ${file}.`)
  if (size > LARGEST_PICTURE) throw new Refusal('invalid', `${file} is larger than 16 MB.`)
  return drawPicture(readFileSync(file))
}
