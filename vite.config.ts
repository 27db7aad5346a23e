/** The dashboard: `web/` becomes `dist/web/`, with hashed names and compressed twins of every text file. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const folder = join(import.meta.dirname, 'dist/web')

/** Below this a compressed file saves no packet. */
const SMALL_BYTES = 1024
const TEXT = /\.(js|css|html|svg|txt|webmanifest)$/

/** Writes `x.br` and `x.gz` beside `x`, so that the server compresses nothing twice. */
function compressed(): Plugin {
  const encodings = {
    br: (body: Buffer) =>
      promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
    gz: (body: Buffer) => promisify(gzip)(body, { level: constants.Z_BEST_COMPRESSION }),
  }
  return {
    name: 'compressed-twins',
    apply: 'build',
    async writeBundle({ dir = folder }, bundle) {
      for (const file of Object.keys(bundle).filter((name) => TEXT.test(name))) {
        const body = await readFile(join(dir, file))
        if (body.length < SMALL_BYTES) continue
        for (const [ending, encode] of Object.entries(encodings)) {
          await writeFile(join(dir, `${file}.${ending}`), await encode(body))
        }
      }
    },
  }
}

/** What every page loads: a change of a page leaves it in the caches of browsers. */
const EVERYWHERE = /node_modules\/(react|react-dom|scheduler|react-router|cookie|@tanstack|@trpc)\//

export default defineConfig({
  root: 'web',
  plugins: [react(), tailwindcss(), compressed()],
  build: {
    outDir: folder,
    emptyOutDir: true,
    // Where light-dark() and <dialog> are at home.
    target: ['chrome123', 'firefox125', 'safari17.5'],
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'vendor', test: EVERYWHERE }] } },
    },
  },
  // `npx vite` beside a running server: the page is Vite's, with hot reloading, all else the server's.
  server: {
    proxy: Object.fromEntries(
      ['/api', '/trpc', '/login', '/logout', '/oauth2', '/dev'].map((path) => [
        path,
        // Terminals are WebSockets.
        { target: 'http://127.0.0.1:8081', ws: true },
      ]),
    ),
  },
})
