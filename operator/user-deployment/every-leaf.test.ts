/** No dead fields: whatever can be said in a spec changes what is made of it, or is listed with who minds it. */
import { expect, it } from 'vitest'
import { z } from 'zod'

import { UserDeploymentSpec, type UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { aResource, testSettings } from '../testing/resources.ts'
import { renderUserDeployment } from './render.ts'

/** Leaves that change no object, and where they matter. */
const HANDLED_ELSEWHERE: Readonly<Record<string, string>> = {
  displayName: 'shown by the server; renaming touches no object (docs/decisions/015)',
  'owner.userName': 'for people',
  'owner.orgName': 'for people',
  'owner.teamName': 'for people',
  'template.name': 'for people',
  'template.version': 'for people',
  revision: 'status.readyRevision (status.ts)',
  rollbackOnFailure: 'the server, which reads the status and makes a new revision',
  'services[].dependsOn[]': 'when a service is started first (checks.ts)',
}

const BODY = 'a'.repeat(25)
const health = { periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3, startupSeconds: 60 }

/** A resource in which every leaf of the schema occurs. */
const full = aResource({
  displayName: 'Shop',
  owner: {
    userId: `usr_${BODY}`,
    orgId: `org_${BODY}`,
    teamId: `team_${BODY}`,
    userName: 'Ada',
    orgName: 'Engines',
    teamName: 'Core',
  },
  template: { name: 'shop', version: 1 },
  restartedAt: '2030-01-01T00:00:00Z',
  network: { isolation: 'shared', internet: true, egress: [{ cidr: '203.0.113.0/24', ports: [443] }] },
  pullSecrets: [{ registry: 'ghcr.io', path: `orgs/${BODY}/secrets`, version: 1 }],
  ingress: {
    service: 'web',
    port: 8080,
    hosts: ['shop.example.com'],
    tls: { secretName: 'shop-tls' },
    redirectToHttps: true,
    responseHeaders: [{ name: 'X-Frame-Options', value: 'DENY' }],
  },
  services: [
    smallService({
      command: ['/web'],
      args: ['--verbose'],
      env: [{ name: 'LEVEL', value: 'debug' }],
      secrets: [
        {
          path: `users/${BODY}/secrets`,
          version: 1,
          keys: [
            { key: 'TOKEN', env: 'TOKEN' },
            { key: 'CERT', file: { path: '/secrets/cert', mode: 0o400 } },
          ],
        },
      ],
      configFiles: [{ path: '/etc/a.conf', content: 'a', mode: 0o444 }],
      runAsUser: 1000,
      fsGroup: 2000,
      replicas: 2,
      health: { ...health, http: { path: '/readyz', port: 8080 } },
      dependsOn: ['database'],
    }),
    smallService({
      name: 'other',
      autoscaling: { maxReplicas: 3 },
      health: { ...health, tcp: { port: 8080 } },
    }),
    smallService({
      name: 'database',
      volumes: [{ name: 'data', path: '/data', size: '1Gi', storageClass: 'fast' }],
      health: { ...health, command: ['check'] },
    }),
  ],
})

interface JsonSchema {
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
}

function leavesOf(schema: JsonSchema, path = ''): string[] {
  if (schema.items) return leavesOf(schema.items, `${path}[]`)
  if (!schema.properties) return [path]
  return Object.entries(schema.properties).flatMap(([name, of]) =>
    leavesOf(of, path === '' ? name : `${path}.${name}`),
  )
}

const leaves = leavesOf(
  z.toJSONSchema(UserDeploymentSpec, { target: 'openapi-3.0', io: 'input' }) as JsonSchema,
)

/** Values that are chosen from few; everything else becomes more by one, or longer by one. */
const OTHER: Readonly<Record<string, string>> = {
  public: 'internal',
  shared: 'namespace',
  TCP: 'UDP',
  '203.0.113.0/24': '198.51.100.0/24',
}

function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  return OTHER[String(value)] ?? `${String(value)}x`
}

/** The same with the first occurrence of a leaf changed; undefined where there is none. */
function withChange(value: unknown, path: readonly string[]): unknown {
  const [head, ...rest] = path
  if (head === undefined) return value === undefined ? undefined : changed(value)
  if (head === '[]') {
    if (!Array.isArray(value)) return undefined
    const at = value.findIndex((item) => withChange(item, rest) !== undefined)
    return at < 0 ? undefined : value.with(at, withChange(value[at], rest))
  }
  const inside = withChange((value as Record<string, unknown> | undefined)?.[head], rest)
  return inside === undefined ? undefined : { ...(value as object), [head]: inside }
}

const stepsOf = (leaf: string): string[] => leaf.replaceAll('[]', '.[]').split('.')

const settings = testSettings()
const rendered = JSON.stringify(renderUserDeployment(full, settings))

it('knows the leaves of the schema', () => {
  expect(leaves.length).toBeGreaterThan(60)
  expect(leaves).toContain('services[].secrets[].keys[].file.mode')
})

it.each(leaves)('%s changes an object, or is minded elsewhere', (leaf) => {
  const spec = withChange(full.spec, stepsOf(leaf))
  expect(spec, 'the full resource of this test lacks it').toBeDefined()
  const after = JSON.stringify(
    renderUserDeployment({ ...full, spec: spec as UserDeployment['spec'] }, settings),
  )
  expect(after === rendered, 'nothing changed').toBe(leaf in HANDLED_ELSEWHERE)
})

it('lists no leaf that the schema does not have', () => {
  expect(Object.keys(HANDLED_ELSEWHERE).filter((leaf) => !leaves.includes(leaf))).toEqual([])
})
