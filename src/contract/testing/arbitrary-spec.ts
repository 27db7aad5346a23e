/** Whole deployments as somebody might write them, all valid. For properties of everything that takes a spec. */
import fc from 'fast-check'

import { API_VERSION } from '../crd/meta.ts'
import { UserDeployment, type UserDeploymentSpecInput } from '../crd/user-deployment.ts'
import { idBody, type Id, type IdPrefix, type OrgId, type UserId } from '../ids.ts'
import { arbitraryManner } from './arbitrary-manner.ts'
import { anyText, arbitraryService, word, type ServiceInput } from './arbitrary-service.ts'

export const arbitraryId = <Prefix extends IdPrefix>(prefix: Prefix): fc.Arbitrary<Id<Prefix>> =>
  fc
    .string({
      unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'.split('')),
      minLength: 25,
      maxLength: 25,
    })
    .map((body) => `${prefix}_${body}` as Id<Prefix>)

/** A generated name; `ResourceName` checks it. */
export const arbitraryName: fc.Arbitrary<string> = fc.stringMatching(/^[a-z][a-z2-7]{9}$/)

/** What people call something: also the longest that is allowed, in characters of two UTF-16 units. */
const shownText = fc.oneof({ weight: 4, arbitrary: anyText(20) }, fc.constant('😀'.repeat(100)))

const owner = fc.record(
  {
    userId: arbitraryId('usr'),
    orgId: arbitraryId('org'),
    teamId: arbitraryId('team'),
    userName: shownText,
    orgName: shownText,
    teamName: shownText,
  },
  { requiredKeys: ['userId', 'orgId', 'teamId'] },
)

/** Services of which each may depend on those before it. */
function services(of: { userId: UserId; orgId: OrgId }): fc.Arbitrary<ServiceInput[]> {
  return fc.uniqueArray(word(30), { minLength: 1, maxLength: 4 }).chain((names) => {
    const each = names.map((name, index) =>
      fc
        .tuple(arbitraryService(name, of), fc.subarray(names.slice(0, index)))
        .map(([service, dependsOn]) => (dependsOn.length === 0 ? service : { ...service, dependsOn })),
    )
    return fc.tuple(...each)
  })
}

const host = fc.constantFrom('shop.example.com', 'xn--bcher-kva.example', 'a.b.c.d.example.org')

/** One of the TCP ports of these services, or none. */
function ingress(of: ServiceInput[]): fc.Arbitrary<Pick<UserDeploymentSpecInput, 'ingress'>> {
  const doors = of.flatMap(({ name, ports = [] }) =>
    ports.filter(({ protocol = 'TCP' }) => protocol === 'TCP').map(({ port }) => ({ service: name, port })),
  )
  if (doors.length === 0) return fc.constant({})
  const door = fc.tuple(fc.constantFrom(...doors), fc.uniqueArray(host, { maxLength: 3 }), arbitraryManner)
  return fc.option(
    door.map(([to, hosts, how]) => ({ ingress: { ...to, hosts, ...how } })),
    { nil: {} },
  )
}

const network: fc.Arbitrary<NonNullable<UserDeploymentSpecInput['network']>> = fc.record(
  {
    isolation: fc.constantFrom('shared' as const, 'namespace' as const, 'dedicated' as const),
    internet: fc.boolean(),
    egress: fc.array(
      fc.record(
        {
          cidr: fc.constantFrom(
            '203.0.113.0/24',
            '10.0.0.1/32',
            '0.0.0.0/0',
            '2001:db8::/32',
            '::/0',
            '1:2:3:4:5:6:7:8/128',
          ),
          ports: fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 3 }),
        },
        { requiredKeys: ['cidr'] },
      ),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
)

/** A spec as it is written: much of what has a default is missing. */
export const arbitrarySpecInput: fc.Arbitrary<UserDeploymentSpecInput> = owner.chain((of) =>
  services(of).chain((all) => {
    const optional = fc.record(
      {
        displayName: shownText,
        template: fc.record({ name: word(40), version: fc.integer({ min: 1, max: 1000 }) }),
        rollbackOnFailure: fc.boolean(),
        visibility: fc.constantFrom('public' as const, 'internal' as const),
        suspended: fc.boolean(),
        restartedAt: fc.constantFrom('2030-01-31T12:00:00Z', '2030-01-31T12:00:00.123456789Z'),
        network,
        pullSecrets: fc.uniqueArray(
          fc.record({
            registry: fc.constantFrom('ghcr.io', 'registry.example.com:5000', 'localhost'),
            path: fc.constant(`orgs/${idBody(of.orgId)}/secrets`),
            version: fc.integer({ min: 1, max: 100 }),
          }),
          { selector: (each) => each.registry, maxLength: 2 },
        ),
      },
      { requiredKeys: [] },
    )
    const revision = fc.integer({ min: 1, max: 2_147_483_647 })
    return fc
      .tuple(optional, ingress(all), revision)
      .map(([rest, way, number]) => ({ owner: of, services: all, revision: number, ...rest, ...way }))
  }),
)

/** A custom resource with all defaults filled in. */
export const arbitraryUserDeployment: fc.Arbitrary<UserDeployment> = fc
  .tuple(arbitraryName, arbitrarySpecInput)
  .map(([name, spec]) =>
    UserDeployment.parse({
      apiVersion: API_VERSION,
      kind: 'UserDeployment',
      metadata: { name, namespace: 'default' },
      spec,
    }),
  )
