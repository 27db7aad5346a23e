/** Services as somebody might write them: valid, and with a taste for the edges of what is. */
import fc from 'fast-check'

import type { UserDeploymentSpecInput } from '../crd/user-deployment.ts'
import { idBody, type OrgId, type UserId } from '../ids.ts'

export type ServiceInput = UserDeploymentSpecInput['services'][number]
type Part<Name extends keyof ServiceInput> = fc.Arbitrary<NonNullable<ServiceInput[Name]>>

const matching = (pattern: RegExp, maxLength: number): fc.Arbitrary<string> =>
  fc.stringMatching(pattern, { size: 'small' }).filter((text) => text.length <= maxLength)

export const word = (maxLength: number): fc.Arbitrary<string> =>
  matching(/^[a-z](?:-?[a-z0-9]){0,19}$/, maxLength)
const variable = matching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/, 253)
const filePath = matching(/^(?:\/[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,8}){1,4}$/, 255)
const port = fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom(1, 80, 8080, 65_535))
const digits = (length: number, alphabet: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength: length, maxLength: length })

/** Any text without NUL: letters of other scripts, line ends, quotes, emoji. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: 'binary', maxLength }).map((text) => text.replaceAll('\0', ''))

const image = fc.oneof(
  fc.constantFrom(
    'nginx',
    'postgres:15',
    'registry.localhost/shipyard/hello:1',
    'localhost:5000/a/b__c:V1.0',
  ),
  fc
    .tuple(matching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,4})?$/, 20), digits(64, '0123456789abcdef'))
    .map(([path, digest]) => `ghcr.io/${path}@sha256:${digest}`),
)

const cpu = fc.oneof(
  fc.integer({ min: 1, max: 999_999 }).map((milli) => `${milli}m`),
  fc.integer({ min: 1, max: 999 }).map(String),
  fc.constantFrom('0.5', '1.25', '0.001'),
)
const memory = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.constantFrom('Ki', 'Mi', 'Gi', 'k', 'M', 'G'))
    .map((parts) => parts.join('')),
  fc.constantFrom('1', '134217728', '1.5Gi', '999.125M'),
)

/** The limit repeats the request, so that it is never below it. */
const resources: Part<'resources'> = fc.oneof(
  fc.constant({}),
  fc.record({ cpu, memory }).map((both) => ({ requests: both, limits: both })),
  fc.record({ limits: fc.constant({ cpu: '2', memory: '2Gi' }) }),
)

const health: Part<'health'> = fc
  .tuple(
    fc.oneof(
      fc.record({
        http: fc.record({ path: fc.constantFrom('/', '/healthz?full=1'), port }, { requiredKeys: ['port'] }),
      }),
      fc.record({ tcp: fc.record({ port }) }),
      fc.record({ command: fc.array(anyText(20), { minLength: 1, maxLength: 3 }) }),
    ),
    fc.record(
      {
        periodSeconds: fc.integer({ min: 1, max: 300 }),
        timeoutSeconds: fc.integer({ min: 1, max: 60 }),
        failureThreshold: fc.integer({ min: 1, max: 30 }),
        startupSeconds: fc.integer({ min: 1, max: 3600 }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([how, when]) => ({ ...how, ...when }))

const secretKey = fc.oneof(
  fc.record({ key: variable, env: variable }),
  fc.record({
    key: variable,
    file: fc.record(
      { path: filePath.map((path) => `/secrets${path}`), mode: fc.integer({ min: 0, max: 0o777 }) },
      { requiredKeys: ['path'] },
    ),
  }),
)

/** Paths of the layers that this owner may name. */
function secrets({ userId, orgId }: { userId: UserId; orgId: OrgId }): Part<'secrets'> {
  const user = `users/${idBody(userId)}`
  const path = fc.constantFrom(
    `orgs/${idBody(orgId)}/secrets`,
    `${user}/secrets`,
    `${user}/templates/hello-stack`,
    `${user}/deployments/abcdefghij`,
    `${user}/deployments/abcdefghij/services/web`,
  )
  const secret = fc.record({
    path,
    version: fc.integer({ min: 1, max: 2_147_483_647 }),
    keys: fc.array(secretKey, { minLength: 1, maxLength: 3 }),
  })
  return fc.uniqueArray(secret, { selector: (each) => each.path, maxLength: 3 })
}

/** How many pods, and volumes only where there is one pod. */
const scale: fc.Arbitrary<Pick<ServiceInput, 'replicas' | 'autoscaling' | 'volumes'>> = fc.oneof(
  fc.constant({}),
  fc.record({ replicas: fc.integer({ min: 0, max: 50 }) }),
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
    .map(([a, b]) => ({ autoscaling: { minReplicas: Math.min(a, b), maxReplicas: Math.max(a, b) } })),
  fc
    .uniqueArray(
      fc.record(
        { name: word(20), size: memory, storageClass: word(20), keepAfterDelete: fc.boolean() },
        { requiredKeys: ['name', 'size'] },
      ),
      { selector: (volume) => volume.name, maxLength: 2 },
    )
    .map((volumes) => ({
      volumes: volumes.map((volume) => ({ ...volume, path: `/volumes/${volume.name}` })),
    })),
)

/** One service of this name; `dependsOn` is for the deployment to fill in. */
export function arbitraryService(
  name: string,
  owner: { userId: UserId; orgId: OrgId },
): fc.Arbitrary<ServiceInput> {
  const required = fc.record({ name: fc.constant(name), image })
  const optional = fc.record(
    {
      command: fc.array(anyText(20), { maxLength: 3 }),
      args: fc.array(anyText(20), { maxLength: 3 }),
      ports: fc.uniqueArray(
        fc.record(
          { port, protocol: fc.constantFrom('TCP' as const, 'UDP' as const) },
          { requiredKeys: ['port'] },
        ),
        { selector: (each) => `${each.port} ${each.protocol ?? 'TCP'}`, maxLength: 4 },
      ),
      env: fc.uniqueArray(fc.record({ name: variable, value: anyText(50) }, { requiredKeys: ['name'] }), {
        selector: (each) => each.name,
        maxLength: 6,
      }),
      secrets: secrets(owner),
      configFiles: fc.uniqueArray(
        fc.record(
          {
            path: filePath.map((path) => `/config${path}`),
            content: anyText(100),
            mode: fc.integer({ min: 0, max: 0o777 }),
          },
          { requiredKeys: ['path'] },
        ),
        { selector: (each) => each.path, maxLength: 3 },
      ),
      resources,
      runAsUser: fc.integer({ min: 1, max: 2_147_483_647 }),
      fsGroup: fc.integer({ min: 1, max: 2_147_483_647 }),
      health,
    },
    { requiredKeys: [] },
  )
  return fc.tuple(required, optional, scale).map((parts) => Object.assign({}, ...parts) as ServiceInput)
}
