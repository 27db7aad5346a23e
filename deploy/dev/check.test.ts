import { join } from 'node:path'
import { expect, it } from 'vitest'

import { runNode, type ChildResult } from './child.ts'
import { root } from './root.ts'

const check = (...steps: string[]): Promise<ChildResult> =>
  runNode([join(root, 'deploy/dev/check.ts'), ...steps], { cwd: root, timeoutMs: 15_000 })

it('shows each step with its seconds', async () => {
  const { code, output } = await check('generated', 'lock')
  expect(output).toMatch(/^ok +lock +\d+\.\d s$/m)
  expect(output).toMatch(/^ok +generated +\d+\.\d s$/m)
  expect(output).toMatch(/^2 of 2 steps passed in \d+\.\d s$/m)
  expect(code).toBe(0)
})

it('names the steps when it is asked for one that does not exist', async () => {
  const { code, output } = await check('lnit')
  expect(output).toMatch(
    /^There is no step lnit; there are lint, types: node, types: web, unused, walls, .+\.$/m,
  )
  expect(code).toBe(1)
})
