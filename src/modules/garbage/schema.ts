/** What belongs to nobody, in the cluster and in Vault, and what belongs to somebody and is not there. */
import { z } from 'zod'

import { OWNED_KINDS } from '../../contract/crd/owned-kinds.ts'
import { DeploymentId } from '../../contract/ids.ts'
import { Dns1123Label, VaultPath } from '../../contract/names.ts'
import { input, Instant } from '../access/schema.ts'

/** Names of objects may have dots: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const ObjectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, {
    error: 'This is no name of an object.',
  })

/** What a finding is about, and a repair is asked for by. */
export const Target = z.discriminatedUnion('of', [
  z.object({
    of: z.literal('object'),
    kind: z.enum(OWNED_KINDS),
    /** Null: a namespace. */
    namespace: Dns1123Label.nullable(),
    name: ObjectName,
    /** Of the very object: a namesake that was made since is left alone. */
    uid: z.uuid(),
  }),
  z.object({ of: z.literal('deployment'), id: DeploymentId }),
  z.object({ of: z.literal('secret'), path: VaultPath }),
])
export type Target = z.infer<typeof Target>

export const REASONS = {
  NoTenant: 'A namespace of a user or an organisation that is not there.',
  NoDeployment: 'It belongs to a deployment that is not there.',
  OtherNamespace: 'Its deployment is there, and lives in another namespace.',
  StrayGuard: 'It guards a namespace that is none of ours. Without it that namespace has only its own rules.',
  KeptVolume: 'A volume that was kept when its deployment was deleted. Its data goes with it.',
  NotInCluster: 'The cluster has nothing of this deployment, although nobody changed it for a while.',
  UnnamedSecret: 'Values that no revision of a deployment names.',
} as const
export type GarbageReason = keyof typeof REASONS

export const Finding = z.object({
  target: Target,
  /** For people: what it is called. */
  name: z.string(),
  reason: z.enum(Object.keys(REASONS) as [GarbageReason, ...GarbageReason[]]),
  sentence: z.string(),
  /** When it was made, or last changed. */
  since: Instant,
})
export type Finding = z.infer<typeof Finding>

export const ReadGarbage = input({})

export const GarbageReport = z.object({
  takenAt: Instant,
  findings: z.array(Finding),
  /** There is more than is shown: repair these first. */
  isTruncated: z.boolean(),
  /** Why a place could not be looked at; what is shown says nothing of it. */
  blind: z.array(z.object({ place: z.enum(['cluster', 'vault']), sentence: z.string() })),
})
export type GarbageReport = z.infer<typeof GarbageReport>

export const RepairGarbage = input({ target: Target })

/** `gone`: there was nothing to repair any more. */
export const Repaired = z.object({ outcome: z.enum(['deleted', 'pushed', 'gone']) })
export type Repaired = z.infer<typeof Repaired>
