import fc from 'fast-check'
import { expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'

import type { TeamId } from '../ids.ts'
import { arbitrarySpecInput, arbitraryUserDeployment } from '../testing/arbitrary-spec.ts'
import { damaged } from '../testing/mutate.ts'
import { largestSpec, smallService, smallSpec } from '../testing/specs.ts'
import { MAX_ENV_CHARACTERS, MAX_SPEC_BYTES } from './spec-rules.ts'
import {
  UserDeployment,
  UserDeploymentSpec,
  UserDeploymentStatus,
  type UserDeploymentSpecInput,
} from './user-deployment.ts'

/** Problems as `path: sentence`. */
const problems = (spec: unknown): string[] =>
  UserDeploymentSpec.safeParse(spec).error?.issues.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  ) ?? []

const withService = (changes: Parameters<typeof smallService>[0]): UserDeploymentSpecInput =>
  smallSpec({ services: [smallService(changes)] })

it('fills in what a small deployment leaves out', () => {
  const spec = UserDeploymentSpec.parse(smallSpec())
  expectTypeOf(spec.owner.teamId).toEqualTypeOf<TeamId>()
  expect(spec).toMatchObject({
    visibility: 'public',
    suspended: false,
    rollbackOnFailure: false,
    network: { isolation: 'shared', internet: true, egress: [] },
    pullSecrets: [],
  })
  expect(spec.services[0]).toMatchObject({
    command: [],
    ports: [{ port: 8080, protocol: 'TCP' }],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '512Mi' } },
  })
  expect(spec.services[0]).not.toHaveProperty('replicas')
})

it('changes nothing when it reads again what it gave', () => {
  fc.assert(
    fc.property(arbitrarySpecInput, (input) => {
      const spec = UserDeploymentSpec.parse(input)
      expect(UserDeploymentSpec.parse(spec)).toEqual(spec)
      expect(UserDeploymentSpec.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
    }),
    { numRuns: 60 },
  )
})

it('answers to damaged specs with sentences, never with an exception', () => {
  fc.assert(
    fc.property(damaged(arbitrarySpecInput), (spec) => {
      for (const problem of problems(spec)) expect(problem).toMatch(/: ["A-Z].*[a-z)]\.?/)
    }),
    { numRuns: 300 },
  )
})

it('drops fields that it does not know, as the API server does', () => {
  expect(UserDeploymentSpec.parse({ ...smallSpec(), hostNetwork: true })).not.toHaveProperty('hostNetwork')
})

it.each([
  [
    'dependsOn of nobody',
    withService({ dependsOn: ['db'] }),
    'services.0.dependsOn.0: A service depends on one',
  ],
  [
    'dependsOn of itself',
    withService({ dependsOn: ['web'] }),
    'services.0.dependsOn.0: A service depends on one',
  ],
  [
    'two services of one name',
    smallSpec({ services: [smallService(), smallService()] }),
    'services.1.name: Each service',
  ],
  [
    'no service',
    { ...smallSpec({ services: [] }), ingress: undefined },
    'services: A deployment needs at least one',
  ],
  [
    'an ingress to nobody',
    smallSpec({ ingress: { service: 'api', port: 8080 } }),
    'ingress.service: The ingress names',
  ],
  [
    'an ingress to no port',
    smallSpec({ ingress: { service: 'web', port: 80 } }),
    'ingress.port: The ingress names',
  ],
  [
    'an ingress to UDP',
    { ...withService({ ports: [{ port: 8080, protocol: 'UDP' }] }) },
    'ingress.port: The ingress',
  ],
  [
    'replicas and autoscaling',
    withService({ replicas: 1, autoscaling: { maxReplicas: 2 } }),
    'services.0.autoscaling: A service has either',
  ],
  [
    'a range upside down',
    withService({ autoscaling: { minReplicas: 3, maxReplicas: 2 } }),
    'services.0.autoscaling.minReplicas: The least number',
  ],
  [
    'a volume for many pods',
    withService({ autoscaling: { maxReplicas: 2 }, volumes: [{ name: 'a', path: '/a', size: '1Gi' }] }),
    'services.0.replicas: A service with a volume',
  ],
  [
    'a request above its limit',
    withService({ resources: { requests: { cpu: '2' } } }),
    'services.0.resources.requests.cpu: The CPU request is above',
  ],
  [
    'memory above its limit',
    withService({ resources: { limits: { memory: '64Mi' } } }),
    'services.0.resources.requests.memory: The memory request',
  ],
  [
    'two ways to ask',
    withService({ health: { tcp: { port: 80 }, http: { port: 80 } } }),
    'services.0.health.http: A health check asks in one way',
  ],
  ['no way to ask', withService({ health: {} }), 'services.0.health.http: A health check asks in one way'],
  [
    'a key that goes nowhere',
    withService({ secrets: [{ path: `orgs/${'a'.repeat(25)}/secrets`, version: 1, keys: [{ key: 'K' }] }] }),
    'services.0.secrets.0.keys.0.env: A secret key becomes either',
  ],
  [
    'a secret of somebody else',
    withService({
      secrets: [{ path: `users/${'b'.repeat(25)}/secrets`, version: 1, keys: [{ key: 'K', env: 'K' }] }],
    }),
    'services.0.secrets.0.path: A secret belongs to another',
  ],
  [
    'a variable twice',
    withService({ env: [{ name: 'A' }, { name: 'A', value: 'x' }] }),
    'services.0.env.1.name: Each variable may be set once',
  ],
  [
    'a port of 0',
    withService({ ports: [{ port: 0 }] }),
    'services.0.ports.0.port: Port must be a whole number from 1 to 65535.',
  ],
  ['root', withService({ runAsUser: 0 }), 'services.0.runAsUser: The user id must be a whole number from 1'],
  [
    'a relative path',
    withService({ configFiles: [{ path: 'etc/app' }] }),
    'services.0.configFiles.0.path: A path begins with a slash',
  ],
])('refuses %s, at the field', (_, spec, problem) => {
  expect(problems(spec)[0]).toContain(problem)
})

it('finds circles of services, and names those in them alone', () => {
  const service = (name: string, ...dependsOn: string[]) => smallService({ name, dependsOn })
  const services = [
    service('a', 'c'),
    service('b', 'a'),
    service('c', 'b'),
    service('before', 'a'),
    service('after'),
  ]
  const spec = { ...smallSpec({ services }), ingress: undefined }
  expect(problems(spec).map((problem) => problem.split(': ')[0])).toEqual(
    [0, 1, 2].map((s) => `services.${s}.dependsOn`),
  )
  expect(problems({ ...spec, services: [service('a'), service('b', 'a'), service('c', 'a', 'b')] })).toEqual(
    [],
  )
})

it('measures all variables together, in characters', () => {
  const quarter = 'ä'.repeat(MAX_ENV_CHARACTERS / 8 - 1)
  const env = Array.from({ length: 8 }, (_, index) => ({ name: 'ABCDEFGH'.charAt(index), value: quarter }))
  expect(problems(withService({ env }))).toEqual([])
  expect(problems(withService({ env: [...env, { name: 'I' }] }))).toEqual([
    'services: The variables of all services together have more than 200000 characters: put large values into config files or a volume.',
  ])
})

it('takes the largest deployment that every bound allows, and none that etcd would not hold', () => {
  expect(problems(largestSpec())).toEqual([])
  const args = Array.from({ length: 64 }, () => '😀'.repeat(8000))
  expect(64 * 8000 * 4).toBeGreaterThan(MAX_SPEC_BYTES)
  expect(problems(withService({ args }))).toEqual([
    ': The whole deployment has more than 1000 kB: shorten commands, variables and config files.',
  ])
})

it('reads a whole resource back as the API server gives it, with what it knows of metadata', () => {
  fc.assert(
    fc.property(arbitraryUserDeployment, (resource) => {
      const metadata = { ...resource.metadata, uid: 'u', managedFields: [{}] }
      expect(UserDeployment.parse({ ...resource, metadata })).toEqual({
        ...resource,
        metadata: { ...resource.metadata, uid: 'u' },
      })
    }),
    { numRuns: 30 },
  )
})

it('begins every status as Pending', () => {
  expect(UserDeploymentStatus.parse({})).toEqual({ phase: 'Pending', conditions: [], services: [], urls: [] })
})

it('describes every field, for kubectl explain and the form', () => {
  const missing: string[] = []
  const walk = (schema: Record<string, unknown>, place: string): void => {
    for (const [name, field] of Object.entries(
      (schema.properties ?? {}) as Record<string, Record<string, unknown>>,
    )) {
      if (typeof field.description !== 'string') missing.push(`${place}.${name}`)
      walk(field, `${place}.${name}`)
    }
    if (schema.items) walk(schema.items as Record<string, unknown>, `${place}[]`)
  }
  for (const schema of [UserDeploymentSpec, UserDeploymentStatus]) {
    walk(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' }), '')
  }
  expect(missing).toEqual([])
})
