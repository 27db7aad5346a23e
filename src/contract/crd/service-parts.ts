/** What a service consists of: ports, variables, secrets, files, volumes, resources, health. */
import { z } from 'zod'

import { EnvName, FilePath, SecretKey, VaultPath, VolumeName } from '../names.ts'
import { compareQuantities, CpuQuantity, MemoryQuantity, StorageQuantity } from '../quantity.ts'
import { text, wholeNumber } from '../text.ts'
import { withRules } from './rule.ts'

/** How many of each a deployment may hold: what one object of the API server carries, and rules can afford. */
export const SERVICE_BOUNDS = {
  services: 16,
  env: 128,
  ports: 16,
  secrets: 8,
  secretKeys: 32,
  configFiles: 16,
  volumes: 8,
  arguments: 64,
  replicas: 50,
} as const

export const FileMode = wholeNumber('A file mode', 0, 0o777)
  .default(0o444)
  .describe(
    'Permissions as a decimal number: 292 is 0444, readable by everybody in the container; 256 is 0400.',
  )

export const EnvVar = z
  .object({
    name: EnvName.describe('Name of the variable.'),
    value: text({ max: 32_768, says: 'The value of a variable has at most 32768 characters and no NUL.' })
      .default('')
      .describe('Its value, as it is: nothing is replaced in it.'),
  })
  .describe('A variable of the environment. Nothing secret belongs here.')

export const Port = z
  .object({
    port: wholeNumber('Port', 1, 65_535).describe(
      'Where the container listens, and the other services reach it.',
    ),
    protocol: z.enum(['TCP', 'UDP']).default('TCP').describe('TCP or UDP.'),
  })
  .describe('A port of the service, open to the other services of the deployment.')

const SecretFile = z.object({
  path: FilePath.describe('Absolute path in the container.'),
  mode: FileMode,
})

const SecretKeyUse = z
  .object({
    key: SecretKey.describe('Key in Vault.'),
    env: EnvName.optional().describe('Name of the variable that gets the value.'),
    file: SecretFile.optional().describe('File that gets the value.'),
  })
  .describe('One key of a secret and where its value goes.')

export const SecretUse = withRules(
  z.object({
    path: VaultPath.describe('Path in Vault, below the mount.'),
    version: wholeNumber('The version of a secret', 1, 2_147_483_647).describe(
      'Version in Vault: a later write there changes nothing here.',
    ),
    keys: z
      .array(SecretKeyUse)
      .min(1, 'Name at least one key of the secret.')
      .max(
        SERVICE_BOUNDS.secretKeys,
        `A secret gives at most ${SERVICE_BOUNDS.secretKeys} keys to a service.`,
      )
      .describe('Keys that the service gets.'),
  }),
  [
    {
      says: 'A secret key becomes either a variable or a file: give exactly one of env and file.',
      cel: 'self.keys.all(k, has(k.env) != has(k.file))',
      breaches: ({ keys }) =>
        keys.flatMap(({ env, file }, index) =>
          (env === undefined) === (file === undefined) ? [['keys', index, 'env']] : [],
        ),
    },
  ],
).describe(
  'A secret of one layer at one version. Of two that set the same variable or file the later one counts.',
)

export const ConfigFile = z
  .object({
    path: FilePath.describe('Absolute path in the container.'),
    content: text({ max: 65_536, says: 'A config file has at most 65536 characters and no NUL.' })
      .default('')
      .describe('Content of the file.'),
    mode: FileMode,
  })
  .describe('A file that the service finds at its start. Nothing secret belongs here.')

export const Volume = z
  .object({
    name: VolumeName.describe('Name within the service.'),
    path: FilePath.describe('Absolute path of the folder in the container.'),
    size: StorageQuantity.describe('How much it holds, such as 1Gi. It can grow, never shrink.'),
    storageClass: z
      .string()
      .max(253)
      .regex(
        /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
        'A storage class is named like fast.example.com: lower-case letters, digits, hyphens and dots.',
      )
      .optional()
      .describe("Storage class; the cluster's default when missing."),
    keepAfterDelete: z.boolean().default(false).describe('Keep the data when the deployment is deleted.'),
  })
  .describe('Storage that outlives the pods of a service.')

const requests = z.object({
  cpu: CpuQuantity.default('100m' as CpuQuantity).describe('Reserved CPU.'),
  memory: MemoryQuantity.default('128Mi' as MemoryQuantity).describe('Reserved memory.'),
})
const limits = z.object({
  cpu: CpuQuantity.default('500m' as CpuQuantity).describe('CPU at most: more is slowed down.'),
  memory: MemoryQuantity.default('512Mi' as MemoryQuantity).describe(
    'Memory at most: more ends the container.',
  ),
})

export const Resources = withRules(
  z.object({
    requests: requests.prefault({}).describe('What each pod is sure to have.'),
    limits: limits.prefault({}).describe('What each pod may use at most.'),
  }),
  (['cpu', 'memory'] as const).map((name) => ({
    says: `The ${name === 'cpu' ? 'CPU' : 'memory'} request is above its limit: lower the request or raise the limit.`,
    cel: `quantity(self.requests.${name}).compareTo(quantity(self.limits.${name})) <= 0`,
    breaches: (value) =>
      compareQuantities(value.requests[name], value.limits[name]) > 0 ? [['requests', name]] : [],
  })),
).describe('CPU and memory of each pod.')

const argument = text({ max: 8192, says: 'A word of a command has at most 8192 characters and no NUL.' })
export const words = (what: string): z.ZodArray<typeof argument> =>
  z.array(argument).max(SERVICE_BOUNDS.arguments, `${what} has at most ${SERVICE_BOUNDS.arguments} words.`)

const HttpCheck = z.object({
  path: z
    .string({ error: 'The path of a health check begins with a slash, such as /healthz.' })
    .max(1024)
    .regex(/^\/[!-~]*$/, 'The path of a health check begins with a slash, such as /healthz.')
    .default('/')
    .describe('Path that answers 200 to 399 when all is well.'),
  port: wholeNumber('Port', 1, 65_535).describe('Port that is asked.'),
})
const TcpCheck = z.object({ port: wholeNumber('Port', 1, 65_535).describe('Port that takes a connection.') })

const HEALTH_KINDS = ['http', 'tcp', 'command'] as const

export const Health = withRules(
  z.object({
    http: HttpCheck.optional().describe('Ask by HTTP.'),
    tcp: TcpCheck.optional().describe('Open a connection.'),
    command: words('A health check')
      .min(1, 'A health command needs at least one word.')
      .optional()
      .describe('Run a command in the container; it ends with 0 when all is well.'),
    periodSeconds: wholeNumber('The period of a health check', 1, 300)
      .default(10)
      .describe('Seconds between two checks.'),
    timeoutSeconds: wholeNumber('The time-out of a health check', 1, 60)
      .default(3)
      .describe('Seconds until no answer counts as a failure.'),
    failureThreshold: wholeNumber('The number of failures', 1, 30)
      .default(3)
      .describe('Failures in a row after which a pod gets no requests, and later is started anew.'),
    startupSeconds: wholeNumber('The time to start', 1, 3600)
      .default(60)
      .describe('Seconds that the service may take until its first success.'),
  }),
  [
    {
      says: 'A health check asks in one way: give exactly one of http, tcp and command.',
      cel: '[has(self.http), has(self.tcp), has(self.command)].filter(given, given).size() == 1',
      breaches: (health) =>
        HEALTH_KINDS.filter((kind) => health[kind] !== undefined).length === 1 ? [] : [['http']],
    },
  ],
).describe('How to see that a pod is well. Without it, a pod is well while its process runs.')
