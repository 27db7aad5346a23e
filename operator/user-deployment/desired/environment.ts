import type { V1EnvVar } from '@kubernetes/client-node'

import type { Service } from '../../../src/contract/crd/service.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { secretsOf } from './secrets.ts'

/**
 * The whole environment of a container, from an empty map: what the deployment says and nothing else. A secret counts
 * before a variable of the same name.
 */
export function environmentOf(resource: UserDeployment, service: Service): V1EnvVar[] {
  const variables = new Map<string, V1EnvVar>(
    service.env.map(({ name, value }) => [name, { name, value: literal(value) }]),
  )
  for (const secret of secretsOf(resource, service)) {
    for (const { env, key } of secret.variables) {
      variables.set(env, { name: env, valueFrom: { secretKeyRef: { name: secret.name, key } } })
    }
  }
  return [...variables.values()]
}

/** Kubernetes replaces `$(NAME)` in a value and reads `$$` as one dollar; each dollar doubled stays what it was. */
const literal = (value: string): string => value.replaceAll('$', '$$$$')
