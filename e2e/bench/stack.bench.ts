import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { metric, type BenchContext, type Benchmark, type Metric } from '../../deploy/dev/bench/definition.ts'
import { spreadOf } from '../../deploy/dev/bench/statistics.ts'
import { askControl, isWhole, type ControlAnswer } from '../../deploy/local/control.ts'
import { controlPort } from '../../deploy/local/folder.ts'
import { childrenOf } from '../../deploy/local/processes.ts'
import { repository } from '../../deploy/local/settings.ts'
import { stopStack } from '../../deploy/local/tidy.ts'

/** How long the stack takes to come up, and how much memory it keeps. Programs are in the cache already. */
export const benchmark: Benchmark = {
  name: 'stack',
  about: 'time until the local stack is ready (new folder, restart), and its memory at rest',
  async run(context) {
    const home = mkdtempSync(join(tmpdir(), 'shipyard-bench-'))
    try {
      return await measure(home, context)
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  },
}

async function measure(home: string, { full, say, signal }: BenchContext): Promise<Metric[]> {
  const rounds = full ? 5 : 2
  const fresh: number[] = []
  const again: number[] = []
  const down: number[] = []
  let memory: Metric[] = []
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    const folder = join(home, String(round))
    say(`round ${round + 1} of ${rounds}`)
    for (const times of [fresh, again]) {
      const stack = await timedUp(folder)
      times.push(stack.seconds)
      if (round === 0 && times === again) memory = await memoryAtRest(stack, say)
      const startedAt = performance.now()
      stack.supervisor.kill('SIGTERM')
      await once(stack.supervisor, 'exit')
      down.push((performance.now() - startedAt) / 1000)
    }
    await stopStack(folder)
  }
  const spread = (values: number[]): string =>
    `median of ${values.length}, ${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`
  return [
    metric({ key: 'up', value: spreadOf(fresh).median, unit: 's', atMost: 18, note: spread(fresh) }),
    metric({ key: 'restart', value: spreadOf(again).median, unit: 's', atMost: 18, note: spread(again) }),
    metric({ key: 'down', value: spreadOf(down).median, unit: 's', note: spread(down) }),
    ...memory,
  ]
}

interface RunningStack {
  readonly supervisor: ChildProcess
  readonly seconds: number
  readonly answer: ControlAnswer
}

/** As a person would bring it up: a process of its own, timed from its start to the last part that is ready. */
async function timedUp(folder: string): Promise<RunningStack> {
  const startedAt = performance.now()
  const main = join(repository, 'deploy/local/main.ts')
  const supervisor = spawn(process.execPath, [main, 'up', '--folder', folder], { stdio: 'ignore' })
  for (;;) {
    if (supervisor.exitCode !== null) throw new Error('The stack did not come up.')
    const port = controlPort(folder)
    const answer = port === undefined ? undefined : await askControl(port)
    const seconds = (performance.now() - startedAt) / 1000
    if (answer && isWhole(answer)) return { supervisor, seconds, answer }
    await sleep(50)
  }
}

/** After a minute of nothing: the memory of each part with all below it, pods included. */
async function memoryAtRest(
  { supervisor, answer }: RunningStack,
  say: BenchContext['say'],
): Promise<Metric[]> {
  say('a minute of rest before memory is read')
  await sleep(60_000)
  const parts = answer.components.flatMap(({ name, pid }) =>
    pid === undefined ? [] : [{ name, kib: pss(family(pid)) }],
  )
  parts.push({ name: 'supervisor', kib: pss(supervisor.pid === undefined ? [] : [supervisor.pid]) })
  const total = parts.reduce((sum, part) => sum + part.kib, 0)
  return [
    metric({
      key: 'memory',
      value: total / 1024,
      unit: 'MiB',
      atMost: 1.6 * 1024,
      note: 'proportional set size of all parts',
    }),
    ...parts.map((part) => metric({ key: `memory ${part.name}`, value: part.kib / 1024, unit: 'MiB' })),
  ]
}

function family(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(family)]
}

/** Kibibytes: shared pages are counted in parts, so that sums are true. */
function pss(pids: readonly number[]): number {
  return pids.reduce(
    (sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0),
    0,
  )
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it ended meanwhile
  }
}
