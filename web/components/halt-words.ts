import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import type { MyOrg } from '../../src/modules/access/schema.ts'
import { paths, type OrgPage } from '../lib/paths.ts'

type Halt = NonNullable<DeploymentSummary['haltedBy']>

interface HaltWords {
  /** For the tip of a button that starts it. */
  readonly short: string
  readonly sentence: string
  /** What is done about it, where, and by whom. */
  readonly step: { readonly label: string; readonly page: OrgPage; readonly isOfOwner: boolean } | undefined
}

const HALTS: Readonly<Record<Halt, HaltWords>> = {
  administrator: {
    short: 'The organisation is suspended, so nothing of it runs.',
    sentence: 'Who runs this installation has suspended the organisation, so nothing of it runs.',
    // Every page of a suspended organisation has the way to the reason above it.
    step: undefined,
  },
  unpaid: {
    short: 'The organisation has not paid, so nothing of it runs.',
    sentence:
      'The organisation has not paid, so nothing of it runs. It starts by itself within a minute of the payment.',
    step: { label: 'Pay', page: 'billing', isOfOwner: true },
  },
  budget: {
    short: 'The budget of this month is used up, so nothing runs.',
    sentence:
      'The budget of this month is used up, so nothing runs. It starts by itself with a larger budget, or next month.',
    step: { label: 'Look at the budget', page: 'usage', isOfOwner: false },
  },
  plan: {
    short: 'The plan has no room for it.',
    sentence: 'It is more than the plan of the organisation allows. It starts by itself when there is room.',
    step: { label: 'Choose what to keep', page: 'billing', isOfOwner: true },
  },
}

/** Why nobody can start it, in a few words. */
export const haltTip = (halt: Halt): string => HALTS[halt].short

/** What keeps it from running, what has to happen, and where one does that oneself, if one may. */
export function haltWords(
  halt: Halt,
  { id, role }: Pick<MyOrg, 'id' | 'role'>,
): { sentence: string; step: { label: string; to: string } | undefined } {
  const { sentence, step } = HALTS[halt]
  const rest = 'Nothing is deleted.'
  if (step?.isOfOwner === true && role !== 'org_owner')
    return { sentence: `${sentence} ${rest} Ask the owner of the organisation.`, step: undefined }
  return {
    sentence: `${sentence} ${rest}`,
    step: step && { label: step.label, to: paths.org(id, step.page) },
  }
}
