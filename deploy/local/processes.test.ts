import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  childrenOf,
  endProcesses,
  identify,
  isAlive,
  pidsInNamespaceOf,
  signalProcess,
  type ProcessId,
} from './processes.ts'

async function started(...command: string[]): Promise<ProcessId & { exited: Promise<unknown> }> {
  const [path = '', ...args] = command
  const child = spawn(path, args, { stdio: 'ignore' })
  const exited = once(child, 'exit')
  const found = child.pid === undefined ? undefined : identify(child.pid)
  if (!found) throw new Error('it did not start')
  return { ...found, exited }
}

it('knows a process by pid and start time, so that a reused pid is a stranger', async () => {
  const sleeper = await started('/bin/sleep', '100')
  expect(isAlive(sleeper)).toBe(true)
  const stranger = { pid: sleeper.pid, startTicks: '1' }
  expect(isAlive(stranger)).toBe(false)
  signalProcess(stranger, 'SIGKILL')
  expect(isAlive(sleeper)).toBe(true)
  await endProcesses([sleeper])
  await sleeper.exited
  expect(isAlive(sleeper)).toBe(false)
  expect(identify(sleeper.pid)).toBeUndefined()
})

it('takes a name with spaces and brackets for what it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shipyard-processes-'))
  const path = join(folder, ') S 0 (')
  symlinkSync('/bin/sleep', path)
  const odd = await started(path, '100')
  expect(isAlive(odd)).toBe(true)
  expect(childrenOf(process.pid)).toContain(odd.pid)
  await endProcesses([odd])
  rmSync(folder, { recursive: true })
})

it('ends a process that is gone already, and none at all', async () => {
  await expect(endProcesses([{ pid: 2 ** 22 - 3, startTicks: '7' }])).resolves.toBeUndefined()
  await expect(endProcesses([])).resolves.toBeUndefined()
})

it('finds the processes of a pid namespace', () => {
  expect(pidsInNamespaceOf(process.pid)).toContain(process.pid)
})
