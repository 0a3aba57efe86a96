import { Name } from './words.tsx'

/** The way back to the community's page. */
export function CommunityCrumb({ handle, name }: { handle: string; name: string }) {
  return (
    <p class="crumbs">
      <a href={`/c/${handle}`}>
        <Name>{name}</Name>
      </a>
    </p>
  )
}

/** The secret address of a private page, to be kept by whoever it belongs to. */
export function KeepAddress({ words, address }: { words: string; address: string }) {
  return (
    <div class="notice">
      <p>{words}</p>
      <p>
        <code class="address" dir="ltr">
          {address}
        </code>
      </p>
    </div>
  )
}
