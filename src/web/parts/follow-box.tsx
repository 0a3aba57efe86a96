import type { DirectoryEntry } from '../../domain/directory.ts'

/** How to hear from a community: its address to copy, and what to do with it. */
export function FollowBox({ entry }: { entry: DirectoryEntry }) {
  return (
    <section class="follow" aria-labelledby="follow">
      <h2 id="follow">Follow it</h2>
      <p class="address-head">
        <span>Fediverse address</span>
        <button type="button" data-copy="address" data-copied="Copied" hidden>
          Copy
        </button>
      </p>
      <code class="address" id="address" dir="ltr">
        @{entry.handle}
        <wbr />@{entry.host}
      </code>
      <ol>
        <li>Copy the address.</li>
        <li>Paste it into the search box of your own Mastodon server, or of whatever else you use in the fediverse.</li>
        <li>Open the profile it finds and press Follow. What the community publishes then comes to your timeline.</li>
      </ol>
    </section>
  )
}
