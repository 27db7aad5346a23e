import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Component } from '../../local/component.ts'
import { withLock } from '../../local/programs/lock.ts'
import { run } from '../../local/run.ts'
import { root } from '../root.ts'

const folder = join(root, 'dist/web')

/** Builds the dashboard's files into `dist/web`, from which the server serves them. */
export const dashboard: Component = {
  name: 'dashboard',
  about: 'Dashboard files',
  needs: [],
  async start({ signal }) {
    await withLock(`${folder}.lock`, { signal }, build)
    return undefined
  },
}

/** Beside the files that are served, and then put in their place: another stack of this folder may be serving them. */
async function build(): Promise<void> {
  const [next, old] = [`${folder}.next`, `${folder}.old`]
  await run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', next], {
    cwd: root,
    timeoutMs: 120_000,
  })
  await rm(old, { recursive: true, force: true })
  await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(next, folder)
  await rm(old, { recursive: true, force: true })
}
