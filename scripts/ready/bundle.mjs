import { readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Stop } from './say.mjs'

const FOLDER = 'dist/bundle'

/**
 * Puts the command and most of the packages it uses into a few files: to find and open a thousand takes longer than to run them. What is
 * compiled for a machine, reads files of its own or is seldom needed stays where it is, and so does everything that is not JavaScript.
 */
export async function bundle(root) {
  const { build, stop } = await import(pathToFileURL(join(root, 'node_modules/esbuild/lib/main.js')).href)
  rmSync(join(root, FOLDER), { recursive: true, force: true })
  try {
    await build({
      entryPoints: [join(root, 'dist/src/cli.js')],
      outdir: join(root, FOLDER),
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['@node-rs/argon2', 'activitypub-express', 'better-sqlite3', 'pino', 'sharp'],
      // Packages in the old form ask for others by this name.
      banner: { js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)" },
      plugins: [placesStay(root)],
      sourcemap: 'linked',
      sourcesContent: false,
      legalComments: 'none',
      logLevel: 'silent',
    })
  } catch (error) {
    throw new Stop(`What was compiled can't be put together: ${error.message}`)
  } finally {
    // Its process would otherwise live as long as this one, which may be the server.
    await stop()
  }
}

// A module that looks for something beside itself goes on looking where it was compiled to.
function placesStay(root) {
  return {
    name: 'places-stay',
    setup(build) {
      build.onLoad({ filter: /[/\\]dist[/\\]src[/\\].*\.js$/ }, ({ path }) => {
        const here = JSON.stringify(relative(join(root, FOLDER), path).replaceAll('\\', '/'))
        const contents = readFileSync(path, 'utf8').replaceAll('import.meta.url', `new URL(${here}, import.meta.url).href`)
        return { contents, loader: 'js' }
      })
    },
  }
}
