import { execFile, execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

import { atLevel, skipUnless } from '../testing/levels.ts'

const program = join(import.meta.dirname, 'testing/half-open.ts')
const unshared = ['--user', '--map-root-user', '--net']

function hasOwnNetworks(): boolean {
  try {
    execFileSync('unshare', [...unshared, 'ip', 'link', 'set', 'lo', 'up'], {
      timeout: 5_000,
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

atLevel(9, () => {
  skipUnless(
    hasOwnNetworks(),
    'A network of its own needs `unshare` and `ip` (util-linux, iproute2).',
    () => {
      it(
        'notices within 35 s that the network loses what a watch would say',
        { timeout: 120_000 },
        async () => {
          const args = [...unshared, process.execPath, program]
          const { stdout } = await promisify(execFile)('unshare', args, { timeout: 100_000 })
          expect(Number(stdout)).toBeGreaterThan(1_000)
          expect(Number(stdout)).toBeLessThan(35_000)
        },
      )
    },
  )
})
