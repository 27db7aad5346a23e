/** From a row to the custom resource that it asks for: pure, so that a plan shows what a push writes. */
import { ANNOTATIONS, API_VERSION, LABELS, MANAGED_BY } from '../../contract/crd/meta.ts'
import { UserDeployment } from '../../contract/crd/user-deployment.ts'
import type { DeploymentId, OrgId, TeamId, UserId } from '../../contract/ids.ts'
import { namespaceFor, type HostName, type Namespace, type ResourceName } from '../../contract/names.ts'
import { limitLabels } from '../../contract/namespace-limits.ts'
import { limitsFor, planOf } from '../../contract/tiers.ts'
import type { Settings } from '../deps.ts'
import { RevisionSpec } from './revision-spec.ts'

/** What is wanted, as the database knows it. */
export interface Wanted {
  readonly deploymentId: DeploymentId
  readonly deploymentName: ResourceName
  readonly displayName: string
  readonly generation: number
  readonly restartedAt: Date | null
  readonly suspended: boolean
  readonly ownerId: UserId
  readonly ownerName: string
  readonly orgId: OrgId
  readonly orgName: string
  readonly teamId: TeamId
  readonly teamName: string
  readonly planId: string
  readonly templateName: string
  readonly templateVersion: number
  readonly revision: number
  readonly spec: unknown
  readonly hosts: readonly HostName[]
}

type Needed = Pick<Settings, 'namespacePattern' | 'isBillingEnabled' | 'plans'>

export function namespaceOf(
  { ownerId, orgId }: Pick<Wanted, 'ownerId' | 'orgId'>,
  settings: Pick<Needed, 'namespacePattern'>,
): Namespace {
  return namespaceFor(settings.namespacePattern, { userId: ownerId, orgId })
}

/** @throws {ZodError} a stored spec that the present schema does not take: a migration is missing */
export function customResource(wanted: Wanted, settings: Needed): UserDeployment {
  const { ingress, ...spec } = RevisionSpec.parse(wanted.spec)
  return UserDeployment.parse({
    apiVersion: API_VERSION,
    kind: 'UserDeployment',
    metadata: {
      name: wanted.deploymentName,
      namespace: namespaceOf(wanted, settings),
      labels: labelsOf(wanted),
      annotations: annotationsOf(wanted),
    },
    spec: {
      ...spec,
      displayName: shown(wanted.displayName),
      owner: ownerOf(wanted),
      template: { name: wanted.templateName, version: wanted.templateVersion },
      revision: wanted.revision,
      suspended: wanted.suspended,
      ...(wanted.restartedAt ? { restartedAt: wanted.restartedAt.toISOString() } : {}),
      network: { isolation: limitsFor(planOf(wanted.planId), settings).isolation },
      // In an order of its own: the form has one, the rows come in another, and neither means anything.
      ...(ingress ? { ingress: { ...ingress, hosts: wanted.hosts.toSorted() } } : {}),
    },
  })
}

/** Labels of the namespace: whose it is, and to what it is held. The operator keeps its guard rails by them. */
export function namespaceLabels(
  wanted: Pick<Wanted, 'ownerId' | 'orgId' | 'planId'>,
  settings: Needed,
): Record<string, string> {
  // Without billing everybody has what the largest plan has, but no nodes of one's own.
  const plan = settings.isBillingEnabled ? planOf(wanted.planId) : 'enterprise'
  const limits = limitsFor(planOf(wanted.planId), settings)
  return {
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.userId]: wanted.ownerId,
    [LABELS.orgId]: wanted.orgId,
    [LABELS.plan]: plan,
    [LABELS.isolation]: limits.isolation,
    ...limitLabels(limits),
    'pod-security.kubernetes.io/enforce': 'restricted',
  }
}

const labelsOf = (wanted: Wanted): Record<string, string> => ({
  [LABELS.managedBy]: MANAGED_BY,
  [LABELS.deployment]: wanted.deploymentName,
  [LABELS.deploymentId]: wanted.deploymentId,
  [LABELS.userId]: wanted.ownerId,
  [LABELS.orgId]: wanted.orgId,
  [LABELS.teamId]: wanted.teamId,
})

const annotationsOf = (wanted: Wanted): Record<string, string> => ({
  [ANNOTATIONS.displayName]: wanted.displayName,
  [ANNOTATIONS.generation]: String(wanted.generation),
  [ANNOTATIONS.revision]: String(wanted.revision),
  [ANNOTATIONS.template]: `${wanted.templateName}@${wanted.templateVersion}`,
})

const ownerOf = (wanted: Wanted) => ({
  userId: wanted.ownerId,
  orgId: wanted.orgId,
  teamId: wanted.teamId,
  userName: shown(wanted.ownerName),
  orgName: shown(wanted.orgName),
  teamName: shown(wanted.teamName),
})

/** Names for people are cut there: they are told, not looked up. */
const shown = (name: string): string => Array.from(name).slice(0, 100).join('')
