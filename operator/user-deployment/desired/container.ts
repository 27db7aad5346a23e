import type { V1Container, V1VolumeMount } from '@kubernetes/client-node'

import type { Service } from '../../../src/contract/crd/service.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { defined } from '../manifest.ts'
import { environmentOf } from './environment.ts'
import { probesOf } from './probes.ts'
import { wholeBytes } from './quantities.ts'

/**
 * A pod that ends keeps answering for so long, until everybody who sends requests has heard that it goes. Traefik
 * gathers changes for 2 s by default, kube-proxy for 1 s.
 */
const LEAVING_SECONDS = 5
/** Then the process gets SIGTERM and so long to finish what it has begun. */
const FINISHING_SECONDS = 30
export const GRACE_SECONDS = LEAVING_SECONDS + FINISHING_SECONDS

/** In `command` and `args`, unlike in values of variables, Kubernetes replaces `$(NAME)`. */
export function containerOf(
  resource: UserDeployment,
  service: Service,
  mounts: V1VolumeMount[],
): V1Container {
  const { name, image, command, args, ports } = service
  const env = environmentOf(resource, service)
  return defined({
    name,
    image,
    // Who may not pull it may not run it either, though it is on the node (docs/decisions/031).
    imagePullPolicy: 'Always',
    command: command.length > 0 ? command : undefined,
    args: args.length > 0 ? args : undefined,
    ports:
      ports.length > 0 ? ports.map(({ port, protocol }) => ({ containerPort: port, protocol })) : undefined,
    env: env.length > 0 ? env : undefined,
    resources: resourcesOf(service),
    ...probesOf(service),
    // Done by the kubelet: the image needs no shell for it.
    lifecycle: ports.length > 0 ? { preStop: { sleep: { seconds: LEAVING_SECONDS } } } : undefined,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: mounts.length > 0 ? mounts : undefined,
  })
}

function resourcesOf({ resources: { requests, limits } }: Service): V1Container['resources'] {
  return {
    requests: { cpu: requests.cpu, memory: wholeBytes(requests.memory) },
    limits: { cpu: limits.cpu, memory: wholeBytes(limits.memory) },
  }
}
