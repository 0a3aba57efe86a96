import { counted } from '../../lib/text.ts'
import type { Page } from '../layout.tsx'
import { Name } from '../parts/words.tsx'
import type { Site } from '../site.ts'

export function aboutPage({ site, size }: { site: Site; size: number }): Page {
  return {
    title: 'About',
    description:
      'A federated directory of intentional communities: each runs its own small node, and the nodes tell each other about themselves. What this one is, and how to run your own.',
    canonical: '/about',
    section: 'about',
    body: (
      <div class="about">
        <h1>A directory without a mainland</h1>
        <p class="lede">
          Archipelago is a directory of intentional communities: communes and convents, kibbutzim and squats, ecovillages, free towns and
          those that are only forming. No office keeps it. Every community runs its own small node, writes its own charter, and tells the
          others.
        </p>

        <h2>This node</h2>
        <p>
          You are at <span class="host">{site.host}</span>.{' '}
          {site.home ? (
            <>
              It is run for{' '}
              <a href={`/c/${site.home.handle}`}>
                <Name>{site.home.name}</Name>
              </a>
              .
            </>
          ) : (
            <>
              No community has been set up here yet. Its steward does that with <code>npx archipelago setup</code>.
            </>
          )}{' '}
          Its directory holds {counted(size, 'community', 'communities')}: <a href="/network">where they come from</a>.
        </p>

        <h2 id="directory">What its directory covers</h2>
        <p>
          A node knows itself and every community whose charter it got by following it, by being followed, or by looking it up. Each entry
          is taken only from the community's own address, and changes or goes when the community says so. Another node knows others. Nobody
          has the whole list.
        </p>
        <p>
          The charters are what communities say of themselves. Nobody checks whether they are true, and no theme, left or right, spiritual
          or anarchist, is ranked before another. How exactly a place is shown is the choice of the community: a coarse place is rounded
          before it leaves its node.
        </p>

        <h2>Following a community</h2>
        <p>
          Communities here are part of the fediverse (ActivityPub). You can follow one from Mastodon and its relatives: copy its address,
          such as <code>@handle@its.host</code>, into the search box of your own server.
        </p>

        <h2 id="run">Running your own</h2>
        <p>
          A node is one small program with one file of data. It needs Node.js 20.19 or newer and an address on the web. In a copy of the
          source:
        </p>
        <ol class="steps">
          <li>
            <code>npx archipelago setup --charter my-charter.yaml</code>
            <span>
              writes down who you are; without <code>--charter</code> it asks.
            </span>
          </li>
          <li>
            <code>npm start</code>
            <span>starts the node and says where it listens.</span>
          </li>
          <li>
            <code>
              npx archipelago follow @{site.home?.handle ?? 'community'}@{site.host}
            </code>
            <span>makes the two nodes know each other.</span>
          </li>
        </ol>

        <h2>Your privacy here</h2>
        <p>These pages set no cookies, load nothing from other sites and work without JavaScript. What you search for is not stored.</p>

        <h2>For programs</h2>
        <p>
          The directory can be read as JSON: <a href="/api">the interface</a>. Archipelago {site.version} is free software under the
          AGPL-3.0-or-later.
        </p>
      </div>
    ),
  }
}
