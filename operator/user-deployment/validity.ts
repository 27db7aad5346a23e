/**
 * Whether a resource is one of the contract. To see that costs more than all else that a look at a deployment costs when
 * nothing is to be done, so the status says by a hash which spec was found to be valid, and by which rules: another
 * operator, and this one at its next look, need not ask again (docs/decisions/056).
 */
import type { z } from 'zod'

import { UserDeployment, type UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { fingerprint, isSameJson } from '../runtime/cluster.ts'
import type { RawResource } from './caches.ts'
import { RULES_VERSION } from './rules-version.generated.ts'

type Validity =
  | { success: true; data: UserDeployment; checked: string | undefined }
  | { success: false; error: z.ZodError }

/** @returns as `checked` what the status is to say; undefined where the API server has not filled in all defaults */
export function validate(raw: RawResource): Validity {
  const checked = fingerprint([RULES_VERSION, raw.spec])
  if (checkedOf(raw.status) === checked) return { success: true, data: raw as UserDeployment, checked }
  const parsed = UserDeployment.safeParse(raw)
  if (!parsed.success) return { success: false, error: parsed.error }
  const isWhole = isSameJson(raw.spec, parsed.data.spec)
  return { success: true, data: parsed.data, checked: isWhole ? checked : undefined }
}

/** The status with what was checked; that alone is not worth a write. */
export function withChecked(
  status: UserDeploymentStatus,
  checked: string | undefined,
  before: unknown,
): UserDeploymentStatus {
  const old = checkedOf(before)
  if (old === checked) return marked(status, checked)
  const unchanged = marked(status, old)
  return isSameJson(unchanged, before) ? unchanged : marked(status, checked)
}

const marked = (status: UserDeploymentStatus, checked: string | undefined): UserDeploymentStatus =>
  checked === undefined ? status : { ...status, checked }

/** Of a status that may be any nonsense. */
function checkedOf(status: unknown): string | undefined {
  const { checked } = (status ?? {}) as { checked?: unknown }
  return typeof checked === 'string' ? checked : undefined
}
