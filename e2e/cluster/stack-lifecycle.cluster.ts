import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { childrenOf } from '../../deploy/local/processes.ts'
import { programStore } from '../../deploy/local/programs/store.ts'
import { repository } from '../../deploy/local/settings.ts'
import { askControl, isWhole } from '../../deploy/local/control.ts'
import { controlPort, readOwner } from '../../deploy/local/folder.ts'
import { startStack, type Stack } from '../../deploy/local/stack.ts'
import { stopStack } from '../../deploy/local/tidy.ts'
import { atLevel, skipUnless } from '../../src/testing/levels.ts'
import { eventually } from '../fixtures/cluster.ts'
import { listenersAbout, machineState, processesAbout, tracesOf } from '../fixtures/machine-state.ts'

/** Stacks beside the one of these tests: they come, work side by side, and leave no trace. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const programs = programStore({})
  const home = mkdtempSync(join(tmpdir(), 'shipyard-lifecycle-'))
  const folders = [join(home, 'one'), join(home, 'two')]
  /** At level 1 a node and what it needs: it leaves the most traces. */
  const parts = inject('testLevel') >= 9 ? {} : { parts: ['kubelet'] }
  let netTools: string

  beforeAll(async () => {
    netTools = await programs.get('net-tools')
  })

  afterAll(async () => {
    for (const folder of folders) await stopStack(folder)
    rmSync(home, { recursive: true, force: true })
  })

  it('two stacks run side by side, and afterwards the machine is as before', async () => {
    const before = await machineState(netTools)
    const stacks = await Promise.all(
      folders.map(async (folder) => startStack({ folder, programs, ...parts })),
    )
    await Promise.all(stacks.map(async (stack) => stack.untilReady()))
    expect(new Set(stacks.map((stack) => stack.site.slot)).size).toBe(2)
    for (const stack of stacks) expect(stack.states().every((each) => each.phase === 'ready')).toBe(true)
    const nodes = await Promise.all(stacks.map(async (stack) => namesOfNodes(stack)))
    expect(nodes).toEqual(stacks.map((stack) => [stack.site.name]))
    for (const stack of stacks) {
      const addresses = new Set(listenersAbout(stack.site.folder).map((each) => each.address))
      expect([...addresses].toSorted()).toEqual([stack.site.net.host, '127.0.0.1'])
    }
    await Promise.all(stacks.map(async (stack) => stack.stop()))
    expect(folders.flatMap(processesAbout)).toEqual([])
    for (const { site } of stacks) expect(await tracesOf(site.slot, netTools)).toEqual([])
    expect(await machineState(netTools)).toEqual(before)
  }, 240_000)

  atLevel(9, () => {
    it('what a killed stack left is taken down by `down`, by the next `up`, and nothing else is', async () => {
      const [folder = ''] = folders
      const before = await machineState(netTools)
      const killed = await upThenKill(folder)
      expect(killed.left).toBeGreaterThan(10)
      expect(await tracesOf(killed.slot, netTools)).not.toEqual([])
      await expect(stopStack(folder)).resolves.toBe(true)
      expect(processesAbout(folder)).toEqual([])
      expect(await tracesOf(killed.slot, netTools)).toEqual([])
      expect(await machineState(netTools)).toEqual(before)

      await upThenKill(folder)
      const stack = await startStack({ folder, programs })
      await stack.untilReady()
      await stack.stop()
      expect(processesAbout(folder)).toEqual([])
      expect(await tracesOf(stack.site.slot, netTools)).toEqual([])
      expect(await machineState(netTools)).toEqual(before)
    }, 240_000)
  })

  it('keeps its objects and secrets over a restart', async () => {
    const [folder = ''] = folders
    const first = await startStack({ folder, programs, parts: ['kube-apiserver', 'openbao'] })
    await first.untilReady()
    await first.cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kept', namespace: 'default' },
      data: { a: '1' },
    })
    await first.stop()
    const second = await startStack({ folder, programs, parts: ['kube-apiserver', 'openbao'] })
    await second.untilReady()
    const kept = await second.cluster.get<{ data: object }>('/api/v1/namespaces/default/configmaps/kept')
    expect(kept.data).toEqual({ a: '1' })
    await second.stop()
  }, 120_000)

  /** A supervisor in a process of its own, killed without warning once all is up. */
  async function upThenKill(folder: string): Promise<{ left: number; slot: number }> {
    const main = join(repository, 'deploy/local/main.ts')
    const supervisor = spawn(process.execPath, [main, 'up', '--folder', folder], { stdio: 'ignore' })
    await eventually(90_000, async () => {
      const port = controlPort(folder)
      if (port === undefined) throw new Error('no supervisor yet')
      if (!isWhole(await askControl(port))) throw new Error('not ready yet')
    })
    const left = childrenOf(supervisor.pid ?? 0).length
    supervisor.kill('SIGKILL')
    await new Promise((resolve) => supervisor.once('exit', resolve))
    return { left, slot: readOwner(folder)?.slot ?? -1 }
  }
})

async function namesOfNodes(stack: Stack): Promise<string[]> {
  const { items } = await stack.cluster.get<{ items: { metadata: { name: string } }[] }>('/api/v1/nodes')
  return items.map((item) => item.metadata.name)
}
