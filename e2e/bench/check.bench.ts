import { join } from 'node:path'

import { compare } from '../../deploy/dev/bench/compare.ts'
import { metric, type Benchmark } from '../../deploy/dev/bench/definition.ts'
import { runNode } from '../../deploy/dev/child.ts'
import { root } from '../../deploy/dev/root.ts'

/** The check has to be quick enough to be run before every commit. */
export const benchmark: Benchmark = {
  name: 'check',
  about: 'how long `npm run check` takes on this repository',
  async run({ full, signal, say }) {
    const rounds = full ? 5 : 2
    say(`running the check ${rounds} times`)
    const { variants, putOff, loopDelay } = await compare([{ name: 'check', run: () => runCheck(signal) }], {
      rounds,
      warmups: 0,
      signal,
    })
    const wall = variants.check?.wallMs ?? { median: Number.NaN, min: Number.NaN, max: Number.NaN }
    const seconds = (ms: number): number => ms / 1000
    return [
      metric({
        key: 'wall',
        value: seconds(wall.median),
        unit: 's',
        atMost: 60,
        note: `median of ${rounds}, ${seconds(wall.min).toFixed(1)} to ${seconds(wall.max).toFixed(1)}; ${putOff} rounds put off`,
      }),
      metric({ key: 'cpu', value: seconds(variants.check?.cpuMs.median ?? Number.NaN), unit: 's' }),
      metric({
        key: 'loop-delay-p99',
        value: loopDelay.p99Ms,
        unit: 'ms',
        note: `at most ${loopDelay.maxMs.toFixed(1)}`,
      }),
    ]
  },
}

async function runCheck(signal: AbortSignal): Promise<void> {
  const { code, output } = await runNode([join(root, 'deploy/dev/check.ts')], {
    cwd: root,
    timeoutMs: 5 * 60_000,
    signal,
  })
  if (code !== 0) throw new Error(`The check fails, so its time means nothing. It said:\n${output}`)
}
