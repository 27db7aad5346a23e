import type { OrgId } from '../../src/contract/ids.ts'
import { trpc } from '../api/trpc.ts'
import { QuotaMeter } from './quota-meter.tsx'

/** What is left of a limit of the organisation, before the click; nothing where there is no limit. */
export function OrgQuota({ orgId, what }: { orgId: OrgId; what: 'member' | 'team' }) {
  const org = trpc.orgs.get.useQuery({ orgId })
  const quota = org.data?.[`${what}s`]
  return quota && quota.limit !== null && <QuotaMeter quota={quota} what={what} />
}
