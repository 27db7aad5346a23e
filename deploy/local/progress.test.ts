import { expect, it } from 'vitest'
import { bar, createProgress, describe } from './progress.ts'
import type { ProgramEvent } from './programs/store.ts'
import type { ComponentState } from './supervisor.ts'

function output(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

const state = (
  name: string,
  phase: ComponentState['phase'],
  more: Partial<ComponentState> = {},
): ComponentState => ({
  name,
  about: name.toUpperCase(),
  phase,
  pid: undefined,
  restarts: 0,
  reason: undefined,
  readyAfterMs: undefined,
  ...more,
})

const building: ProgramEvent = {
  name: 'etcd',
  version: '3.6.8',
  phase: 'building',
  source: 'build',
  elapsedMs: 5_000,
  estimatedMs: 20_000,
}

it('tells, where there is no terminal, what became ready and what died, each once', () => {
  const out = output(false)
  const progress = createProgress(out)
  progress.component(state('etcd', 'starting'))
  progress.component(state('etcd', 'ready', { readyAfterMs: 5 }))
  progress.component(state('etcd', 'ready', { readyAfterMs: 5 }))
  progress.component(state('etcd', 'down', { readyAfterMs: 5, reason: 'it was ended by SIGKILL' }))
  expect(out.written.map((line) => line.replace(/^ *[\d.]+ s {2}/, ''))).toEqual([
    'ETCD is ready\n',
    'ETCD is down: it was ended by SIGKILL\n',
  ])
})

it('draws at a terminal what is still to come, over what it drew before', () => {
  const out = output(true)
  const progress = createProgress(out)
  progress.program(building)
  progress.component(state('etcd', 'fetching'))
  expect(out.written.at(-1)).toBe('  still to come: ETCD\n')
  expect(out.written.join('')).toContain('\u001B[1A\u001B[0J')
  progress.component(state('etcd', 'ready', { readyAfterMs: 5 }))
  expect(out.written.join('')).toContain('ETCD is ready\n')
})

it('gives an honest estimate', () => {
  expect(describe(building)).toBe('building etcd 3.6.8 [######------------------]  25 %, about 15 s left')
  expect(bar({ ...building, elapsedMs: 60_000 })).toBe(
    '[########################]  99 %, longer than estimated',
  )
  expect(bar({ ...building, phase: 'waiting' })).toBeUndefined()
})
