/** Short lives of small deployments: cheap enough for tens of thousands of them. */
import fc from 'fast-check'

import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { arbitraryMishap, type Mishap } from './mishaps.ts'
import { aResource } from './resources.ts'

const BODY = 'a'.repeat(25)

const withSecret = (version: number): UserDeployment => {
  const keys = [{ key: 'TOKEN', env: 'TOKEN' }]
  return aResource({
    services: [smallService({ secrets: [{ path: `users/${BODY}/secrets`, version, keys }] })],
  })
}
const withFile = (content: string): UserDeployment =>
  aResource({ services: [smallService({ configFiles: [{ path: '/etc/a', content }] })] })
const ingress = { service: 'web', port: 8080 }

/** One for each thing that makes, changes or takes away an object; all of the same deployment. */
const SMALL: readonly UserDeployment[] = [
  aResource(),
  aResource({ services: [smallService({ env: [{ name: 'LEVEL', value: 'debug' }] })] }),
  aResource({ services: [smallService({ replicas: 2 })] }),
  aResource({ services: [smallService({ autoscaling: { maxReplicas: 3 } })] }),
  aResource({ services: [smallService(), smallService({ name: 'api', dependsOn: ['web'] })] }),
  aResource({ services: [smallService({ dependsOn: ['api'] }), smallService({ name: 'api' })] }),
  aResource({ services: [smallService({ volumes: [{ name: 'data', path: '/data', size: '1Gi' }] })] }),
  withSecret(1),
  withSecret(2),
  withFile('a'),
  withFile('b'),
  aResource({ ingress: undefined }),
  aResource({ visibility: 'internal' }),
  aResource({ ingress: { ...ingress, hosts: ['shop.example.com'], redirectToHttps: true } }),
  aResource({ suspended: true }),
]

export interface Stage {
  resource: UserDeployment
  /** What befalls it, and how many reconciles later the next thing happens. */
  mishaps: [Mishap, number][]
}

/** One to three edits, three to eight steps in all. */
export const arbitrarySmallLife: fc.Arbitrary<Stage[]> = fc
  .tuple(
    fc.array(fc.constantFrom(...SMALL), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(arbitraryMishap, fc.nat(9)), { minLength: 2, maxLength: 5 }),
  )
  .map(([resources, mishaps]) =>
    resources.map((resource, at) => ({
      resource,
      mishaps: mishaps.filter((_, index) => index % resources.length === at),
    })),
  )
