import { join } from 'node:path'
import type { Command, Component, StartContext } from '../../local/component.ts'
import { assertAnswers } from '../../local/probe.ts'
import { root } from '../root.ts'
import { LEAN_FLAGS, leanEnvironment } from './lean-node.ts'
import { kubeconfigFor, loudness } from './server.ts'

/** Shipyard's operator, under the rights of its own manifests. */
export const operator: Component = {
  name: 'shipyard-operator',
  about: 'Shipyard operator',
  needs: ['kube-apiserver', 'manifests'],
  async start({ site, env }: StartContext): Promise<Command> {
    const loopback = (port: number): string => `127.0.0.1:${port}`
    return {
      path: process.execPath,
      args: [
        ...LEAN_FLAGS,
        join(root, 'operator/main.ts'),
        `--health-probe-bind-address=${loopback(site.ports['shipyard-operator-health'])}`,
        `--metrics-bind-address=${loopback(site.ports['shipyard-operator-metrics'])}`,
      ],
      cwd: root,
      env: {
        ...env,
        ...kubeconfigFor(site, 'shipyard-operator'),
        ...loudness(site),
        ...leanEnvironment(join(root, 'node_modules/.cache/compiled')),
      },
      graceMs: 10_000,
    }
  },
  ready: async ({ site }) => {
    // Somebody else's cluster may lack what the operator watches. It waits for that, and its `/readyz` says for what.
    const path = site.existing.kubeconfig ? 'healthz' : 'readyz'
    await assertAnswers(`http://127.0.0.1:${site.ports['shipyard-operator-health']}/${path}`)
  },
}
