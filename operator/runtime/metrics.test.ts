import { expect, it } from 'vitest'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { RuntimeMetrics } from './metrics.ts'
import { WorkQueue } from './queue.ts'

it('shows what controller-runtime shows, under its names', async () => {
  const clock = new FakeClock()
  const metrics = new RuntimeMetrics()
  const queue = new WorkQueue({ clock, random: () => 1, observer: metrics.queueObserver('web') })
  metrics.showQueues(new Map([['web', queue]]))
  metrics.showWatches(() => [{ resource: 'pods', objects: 7, silentSeconds: 3 }])
  metrics.workers('web', 8)
  metrics.leading('lease', true)
  queue.add({ name: 'a' })
  queue.add({ name: 'b' })
  await clock.advance(2_000)
  const a = await queue.take(new AbortController().signal)
  metrics.active('web', 1)
  await clock.advance(500)
  metrics.reconciled('web', 'error', 0.5)
  queue.retry(a)
  metrics.wrote('apply', 'Deployment', true)
  const shown = await metrics.registry.metrics()
  for (const line of [
    'workqueue_depth{name="web"} 1',
    'workqueue_adds_total{name="web"} 2',
    'workqueue_retries_total{name="web"} 1',
    'workqueue_queue_duration_seconds_sum{name="web"} 2',
    'workqueue_longest_running_processor_seconds{name="web"} 0.5',
    'workqueue_unfinished_work_seconds{name="web"} 0.5',
    'workqueue_oldest_seconds{name="web"} 2.5',
    'controller_runtime_reconcile_total{controller="web",result="error"} 1',
    'controller_runtime_reconcile_errors_total{controller="web"} 1',
    'controller_runtime_reconcile_time_seconds_count{controller="web"} 1',
    'controller_runtime_max_concurrent_reconciles{controller="web"} 8',
    'controller_runtime_active_workers{controller="web"} 1',
    'leader_election_master_status{name="lease"} 1',
    'shipyard_watch_silent_seconds{resource="pods"} 3',
    'shipyard_watch_objects{resource="pods"} 7',
    'shipyard_cluster_writes_total{verb="apply",kind="Deployment"} 1',
    'shipyard_cluster_idle_writes_total{kind="Deployment"} 1',
  ]) {
    expect(shown).toContain(`\n${line}\n`)
  }
  expect(shown).toContain('process_resident_memory_bytes')
  queue.done(a)
  metrics.leading('lease', false)
  expect(await metrics.registry.metrics()).toContain('leader_election_master_status{name="lease"} 0')
})
