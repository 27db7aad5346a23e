import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'

import { machineProbe } from './probe.ts'

const BURN = 'while (process.cpuUsage().user < 300_000);'

it.runIf(process.platform === 'linux')('counts a child that has ended to what was spent here', async () => {
  const probe = machineProbe()
  const before = probe.cpuMs()
  const child = spawn(process.execPath, ['--eval', BURN])
  await once(child, 'exit')
  expect(probe.cpuMs() - before).toBeGreaterThan(250)
})
