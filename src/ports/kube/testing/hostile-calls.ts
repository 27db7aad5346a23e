import { GROUP } from '../../../contract/crd/meta.ts'
import type { Dns1123Label, Namespace } from '../../../contract/names.ts'
import { picker, word } from '../../../testing/hostile-words.ts'
import type { KubePort, ResourceKey } from '../port.ts'
import { collect } from './collect.ts'
import { aUserDeployment } from './conformance.ts'

const resource = aUserDeployment()

/** One call for a resource or pod of a namespace, with names that somebody chose who means no good. */
export async function hostileCall(
  kube: KubePort,
  own: Namespace,
  below: (n: number) => number,
): Promise<void> {
  const pick = picker(below)
  const key = { namespace: own, name: word(pick) } as ResourceKey
  const named = { ...resource, metadata: { ...resource.metadata, ...key } }
  const source = {
    namespace: key.namespace,
    pod: word(pick) as Dns1123Label,
    container: word(pick) as Dns1123Label,
  }
  const signal = new AbortController().signal
  const calls = [
    async () => kube.applyUserDeployment(named),
    async () => kube.dryRun(named),
    async () => kube.deleteUserDeployment(key),
    async () => kube.listPods(key),
    async () => kube.findOwned({ kind: 'UserDeployment', namespace: own, name: word(pick) }),
    async () => collect(kube.followLog(source, { once: true, signal })),
    async () => collect(kube.followLog(source, { once: true, sinceTime: word(pick), signal })),
  ]
  // Refused is as good as done: what counts is where requests went.
  await pick(calls)().catch(() => undefined)
}

/** Of what was asked over the wire, all that is not of this namespace and of the kinds that are meant. */
export function strays(urls: readonly string[], own: Namespace): string[] {
  const name = '[a-z0-9]([-a-z0-9.]*[a-z0-9])?'
  const query = '(\\?[A-Za-z0-9%=&+_.*-]*)?'
  const allowed = new RegExp(
    `^(/apis/${GROUP}/v1alpha1/namespaces/${own}/userdeployments/${name}|/api/v1/namespaces/${own}/pods(/${name}/log)?)${query}$`,
  )
  const selects = /^scheduler\.opsnorth\.io\/deployment=[A-Za-z0-9._-]*$/
  const selectors = (url: string): string[] => new URL(url, 'http://x').searchParams.getAll('labelSelector')
  return urls.filter((url) => !allowed.test(url) || selectors(url).some((text) => !selects.test(text)))
}
