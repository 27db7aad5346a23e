/** Secrets of a deployment. A value goes in and never comes out. */
import { z } from 'zod'

import { DeploymentId, SecretId } from '../../contract/ids.ts'
import { SecretKey, ServiceName } from '../../contract/names.ts'
import { text } from '../../contract/text.ts'
import { input, Instant } from '../access/schema.ts'

/** How many keys one layer of a deployment holds. */
const MAX_SECRET_KEYS = 32

export const SecretValue = text({
  min: 1,
  max: 65_536,
  says: 'The value of a secret has 1 to 65536 characters and no NUL.',
})

/** Key → value. */
export const SecretValues = z
  .record(SecretKey, SecretValue)
  .refine((values) => Object.keys(values).length <= MAX_SECRET_KEYS, {
    error: `A deployment holds at most ${MAX_SECRET_KEYS} secrets: put related values into one.`,
  })

const inDeployment = { id: DeploymentId }

export const ListSecrets = input(inDeployment)

export const SetSecrets = input({
  ...inDeployment,
  values: SecretValues.refine((values) => Object.keys(values).length > 0, {
    error: 'Give at least one secret.',
  }),
  /** Services that get new keys as variables; all services when missing. Known keys stay where they are. */
  services: z.array(ServiceName).min(1, 'Name at least one service.').optional(),
  description: text({ max: 500, says: 'A description has at most 500 characters.' }).default(''),
})

export const DeleteSecrets = input({
  ...inDeployment,
  keys: z.array(SecretKey).min(1, 'Name at least one secret.').max(MAX_SECRET_KEYS),
})

export const SecretView = z.object({
  id: SecretId,
  key: SecretKey,
  layer: z.enum(['organization', 'user', 'template', 'deployment', 'service']),
  service: ServiceName.nullable(),
  /** Version in Vault. */
  version: z.int(),
  description: z.string(),
  /** Who wrote it last. */
  authorName: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type SecretView = z.infer<typeof SecretView>
export const SecretList = z.array(SecretView)

/** The revision that a change of secrets made. */
export const SecretsChanged = z.object({ revision: z.int() })
