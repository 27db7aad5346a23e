import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ClusterApi } from './cluster-api.ts'
import type { Component } from './component.ts'
import type { ProgramStore } from './programs/store.ts'
import type { Site } from './site.ts'
import { stopOrder } from './order.ts'
import { Supervisor, type ComponentState } from './supervisor.ts'
import { testSite } from './testing/site.ts'

const programs: ProgramStore = { get: async (name) => `/bin/${name}` }
const cluster = {} as ClusterApi

/** A component whose process does nothing until it is ended. */
function sleeper(name: string, more: Partial<Component> = {}): Component {
  const command = { path: '/bin/sleep', args: ['1000'] }
  return { name, about: `Part ${name}`, needs: [], start: async () => command, ...more }
}

function supervise(site: Site, components: Component[], onChange?: (state: ComponentState) => void) {
  const supervisor = new Supervisor({
    site,
    components,
    programs,
    cluster,
    env: {},
    ...(onChange ? { onChange } : {}),
  })
  supervisor.start()
  const state = (name: string): ComponentState => {
    const found = supervisor.states().find((each) => each.name === name)
    if (!found) throw new Error(`no ${name}`)
    return found
  }
  return { supervisor, state, [Symbol.asyncDispose]: async () => supervisor.stop() }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 10) {
    if (waited > 10_000) throw new Error('it never became so')
    await sleep(10)
  }
}

it('starts a component after what it needs is ready, and the independent ones side by side', async () => {
  using site = testSite()
  const order: string[] = []
  let letGo = false
  const components = [
    sleeper('c', { needs: ['a', 'b'] }),
    sleeper('a', {
      ready: async () => {
        if (!letGo) throw new Error('not yet')
      },
    }),
    sleeper('b'),
  ]
  const note = (state: ComponentState): void => void (state.phase === 'ready' && order.push(state.name))
  await using running = supervise(site, components, note)
  await running.supervisor.untilReady(['b'])
  expect(running.state('c').phase).toBe('waiting')
  expect(running.state('a')).toMatchObject({ phase: 'starting' })
  letGo = true
  await running.supervisor.untilReady()
  expect(order).toEqual(['b', 'a', 'c'])
})

it('starts a component again when its process dies, and counts it', async () => {
  using site = testSite()
  await using running = supervise(site, [sleeper('a')])
  await running.supervisor.untilReady()
  const { pid } = running.state('a')
  process.kill(pid ?? 0, 'SIGKILL')
  await until(() => running.state('a').restarts === 1 && running.state('a').phase === 'ready')
  expect(running.state('a').pid).not.toBe(pid)
})

it('starts what lives within a component again after it, and not what merely needs it', async () => {
  using site = testSite()
  const components = [
    sleeper('house'),
    sleeper('room', { within: 'house' }),
    sleeper('guest', { needs: ['house'] }),
  ]
  await using running = supervise(site, components)
  await running.supervisor.untilReady()
  const room = running.state('room').pid
  const guest = running.state('guest').pid
  process.kill(running.state('house').pid ?? 0, 'SIGKILL')
  await until(() => running.state('room').restarts === 1 && running.state('room').phase === 'ready')
  expect(running.state('room').pid).not.toBe(room)
  expect(running.state('guest').pid).toBe(guest)
})

it('runs a step without a process once, and again when what it lives within comes back', async () => {
  using site = testSite()
  let runs = 0
  const step = sleeper('step', {
    within: 'house',
    start: async () => {
      runs += 1
      return undefined
    },
  })
  await using running = supervise(site, [sleeper('house'), step])
  await running.supervisor.untilReady()
  expect(runs).toBe(1)
  process.kill(running.state('house').pid ?? 0, 'SIGKILL')
  await until(() => running.state('step').restarts === 1 && running.state('step').phase === 'ready')
  expect(runs).toBe(2)
})

it('gives up on a component that never starts, says why, and so for those that need it; the others run on', async () => {
  using site = testSite()
  const broken = sleeper('broken', {
    start: async () => ({ path: '/bin/sh', args: ['-c', 'echo no such disk; exit 3'] }),
    ready: alwaysBusy,
  })
  await using running = supervise(site, [
    broken,
    sleeper('dependent', { needs: ['broken'] }),
    sleeper('other'),
  ])
  const reason = /Part broken does not start: it exited with code 3; its log ends: no such disk/
  await expect(running.supervisor.untilReady(['dependent'])).rejects.toThrow(reason)
  await running.supervisor.untilReady(['other'])
})

async function alwaysBusy(): Promise<void> {
  throw new Error('not yet')
}

it('ends every process, dependents first, and forgets its record', async () => {
  using site = testSite()
  const stopped: string[] = []
  const noted = (name: string, needs: string[] = []): Component =>
    sleeper(name, { needs, stop: async () => void stopped.push(name) })
  const running = supervise(site, [noted('a'), noted('b', ['a']), noted('c', ['b'])])
  await running.supervisor.untilReady()
  expect([...site.ledger.processes().keys()].toSorted()).toEqual(['a', 'b', 'c'])
  await running.supervisor.stop()
  expect(stopped).toEqual(['c', 'b', 'a'])
  expect(running.supervisor.states().map((each) => each.pid)).toEqual([undefined, undefined, undefined])
  expect(site.ledger.processes().size).toBe(0)
})

it('ends a process that does not listen to SIGTERM', async () => {
  using site = testSite()
  const deaf = sleeper('deaf', {
    start: async () => ({
      path: '/bin/sh',
      args: ['-c', 'trap "" TERM; while :; do sleep 1; done'],
      graceMs: 100,
    }),
  })
  const running = supervise(site, [deaf])
  await running.supervisor.untilReady()
  await sleep(200) // until the shell has set its trap
  await running.supervisor.stop()
  expect(running.state('deaf').phase).toBe('stopped')
})

it('can be stopped while a component is still waiting to become ready', async () => {
  using site = testSite()
  const running = supervise(site, [sleeper('slow', { ready: alwaysBusy })])
  const waiting = running.supervisor.untilReady().catch((error: Error) => error.message)
  await until(() => running.state('slow').pid !== undefined)
  await running.supervisor.stop()
  await expect(waiting).resolves.toBe('The stack is being taken down.')
  expect(site.ledger.processes().size).toBe(0)
})

it('refuses components that need what is not there, or each other in a circle', () => {
  using site = testSite()
  const options = { site, programs, cluster, env: {} }
  expect(() => new Supervisor({ ...options, components: [sleeper('a', { needs: ['b'] })] })).toThrow(
    'a needs b',
  )
  expect(() => stopOrder([sleeper('a', { needs: ['b'] }), sleeper('b', { needs: ['a'] })])).toThrow('circle')
})
