import { join } from 'node:path'
import type { Component } from '../../local/component.ts'
import { run } from '../../local/run.ts'
import { root } from '../root.ts'

/** Builds the dashboard's files into `dist/web`, from which the server serves them. */
export const dashboard: Component = {
  name: 'dashboard',
  about: 'Dashboard files',
  needs: [],
  async start() {
    await run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build'], {
      cwd: root,
      timeoutMs: 120_000,
    })
    return undefined
  },
}
