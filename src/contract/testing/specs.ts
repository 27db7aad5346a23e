/** Two specs to begin from: the smallest that runs, and the largest that is allowed. */
import { SERVICE_BOUNDS } from '../crd/service-parts.ts'
import type { UserDeploymentSpecInput } from '../crd/user-deployment.ts'
import type { ServiceInput } from './arbitrary-service.ts'

const BODY = 'a'.repeat(25)

export function smallService(changes: Partial<ServiceInput> = {}): ServiceInput {
  return { name: 'web', image: 'registry.localhost/shipyard/hello:1', ports: [{ port: 8080 }], ...changes }
}

export function smallSpec(changes: Partial<UserDeploymentSpecInput> = {}): UserDeploymentSpecInput {
  return {
    owner: { userId: `usr_${BODY}`, orgId: `org_${BODY}`, teamId: `team_${BODY}` },
    revision: 1,
    services: [smallService()],
    ingress: { service: 'web', port: 8080 },
    ...changes,
  }
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

/** As many of everything as there may be, at the greatest length that fits into the totals. */
export function largestSpec(): UserDeploymentSpecInput {
  const { services, env, ports, secretKeys, configFiles, volumes } = SERVICE_BOUNDS
  const serviceNames = times(services, (i) => `${'s'.repeat(27)}${100 + i}`)
  const secretPaths = [
    `orgs/${BODY}/secrets`,
    `users/${BODY}/secrets`,
    ...times(6, (i) => `users/${BODY}/templates/${'t'.repeat(39)}${i}/services/${'s'.repeat(30)}`),
  ]
  const all = serviceNames.map((name, s): ServiceInput => ({
    name,
    image: 'registry.localhost/shipyard/hello:1',
    ports: times(ports, (i) => ({ port: 65_000 + i })),
    env: times(env, (i) => ({ name: `V${i}`.padEnd(5, '_'), value: 'x'.repeat(92) })),
    secrets: secretPaths.map((path, p) => ({
      path,
      version: 1,
      keys: times(secretKeys, (i) => ({ key: 'K', file: { path: `/secrets/${p}/${i}` } })),
    })),
    configFiles: times(configFiles, (i) => ({ path: `/etc/${i}`, content: 'x'.repeat(900) })),
    volumes: times(volumes, (i) => ({ name: `v${i}`, path: `/volumes/${i}`, size: '1Gi' })),
    dependsOn: serviceNames.slice(0, s),
  }))
  const last = serviceNames.at(-1) ?? ''
  return smallSpec({ services: all, ingress: { service: last, port: 65_000 + ports - 1 } })
}
