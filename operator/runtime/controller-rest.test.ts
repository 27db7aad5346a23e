/** How long a key rests that fails again and again. */
import { expect, it, onTestFinished } from 'vitest'

import { KubeError } from '../../src/kubernetes/kube-error.ts'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import type { Cluster } from './cluster.ts'
import { watched } from './controller-types.ts'
import { Controller } from './controller.ts'
import { RuntimeMetrics } from './metrics.ts'
import { FakeCache } from './testing/fake-cache.ts'
import { MemoryLog } from './testing/memory-log.ts'

it.each([
  [0, 'ConnectionFailed', 3_000],
  [409, 'Conflict', 15_000],
  [410, 'Expired', 15_000],
  [429, 'TooManyRequests', 15_000],
  [503, 'ServiceUnavailable', 15_000],
  [422, 'Invalid', 5 * 60_000],
])('never rests longer after %d %s than %d ms', async (status, reason, longestMs) => {
  const clock = new FakeClock()
  const cache = new FakeCache('ConfigMap')
  const begun: number[] = []
  const controller = new Controller(
    {
      name: 'test',
      primary: cache,
      watches: [watched(cache, ({ metadata }) => [metadata])],
      async reconcile() {
        begun.push(clock.monotonicMs())
        throw new KubeError({ status, reason, message: 'no' })
      },
    },
    {
      cluster: {} as Cluster,
      clock,
      random: () => 1,
      log: new MemoryLog(),
      metrics: new RuntimeMetrics({ process: false }),
    },
  )
  const stop = new AbortController()
  onTestFinished(() => stop.abort(new Error('over')))
  void controller.run(stop.signal, new AbortController().signal)
  cache.set({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'ns', resourceVersion: '1' },
  })
  await clock.advance(60 * 60_000)
  const rests = begun.slice(1).map((at, before) => at - (begun[before] ?? 0))
  expect(Math.max(...rests)).toBe(longestMs)
})
