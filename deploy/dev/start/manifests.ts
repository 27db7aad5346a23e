import { join } from 'node:path'
import type { Component } from '../../local/component.ts'
import { bind } from '../../local/access.ts'
import { readManifests } from '../../local/manifests.ts'
import { API_VERSION, PLURALS } from '../../../src/contract/crd/meta.ts'
import { root } from '../root.ts'

/**
 * Puts Shipyard's own definitions and rights into the stack's cluster. Into somebody else's nothing is put: what it
 * lacks was said at the start, with the command that mends it.
 */
export const manifests: Component = {
  name: 'manifests',
  about: 'Shipyard’s definitions',
  needs: ['kube-apiserver'],
  // Its garbage collector looks for new kinds every 30 seconds only; until then nothing of them is ever gone.
  before: ['kube-controller-manager'],
  async start({ cluster, site }) {
    if (site.existing.kubeconfig) return undefined
    const users = ['shipyard-server', 'shipyard-operator'] as const
    await cluster.apply(...readManifests(join(root, 'operator/manifests')))
    await cluster.apply(...users.map((user) => bind(user, user, user)))
    return undefined
  },
  async ready({ cluster, site }) {
    if (site.existing.kubeconfig) return
    await cluster.get(`/apis/${API_VERSION}/${PLURALS.UserDeployment}?limit=1`)
  },
}
