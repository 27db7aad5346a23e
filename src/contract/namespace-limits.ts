/**
 * What a namespace is held to stands on it, as labels: the server writes them from the plans that it knows, and
 * operator and admission policies read nothing else (docs/decisions/048).
 */
import { GROUP, LABELS } from './crd/meta.ts'
import { milliOf } from './quantity.ts'
import { isPlan, limitsFor, type Limits, type NamespaceQuota } from './tiers.ts'

/** Name of the label of a limit. */
export const limitLabel = (what: 'deployments' | keyof NamespaceQuota): string =>
  `limits.${GROUP}/${what.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const UNLIMITED = 'unlimited'
const DEPLOYMENTS = limitLabel('deployments')

export type NamespaceLimits = Pick<Limits, 'deployments' | 'quota'>

/** The labels that say it. */
export function limitLabels({ deployments, quota }: NamespaceLimits): Record<string, string> {
  const numbers = Object.entries(quota).map(([what, value]): [string, string] => [
    limitLabel(what as keyof NamespaceQuota),
    String(value),
  ])
  return {
    [limitLabel('deployments')]: deployments === null ? UNLIMITED : String(deployments),
    ...Object.fromEntries(numbers),
  }
}

const quantityOr = (said: string | undefined, otherwise: string): string =>
  said !== undefined && milliOf(said) !== undefined ? said : otherwise

type Labels = Readonly<Record<string, string>>

/** Of {@link limitsOfNamespace} the number of deployments alone, which is asked for at every look at one. */
export function deploymentsOfNamespace(labels: Labels): number | null {
  const said = labels[DEPLOYMENTS] ?? ''
  if (said === UNLIMITED) return null
  return isCount(said) ? Number(said) : planOf(labels).deployments
}

const isCount = (said: string): boolean => /^[0-9]{1,9}$/.test(said)

/** A namespace without a plan is held to the smallest one. */
function planOf(labels: Labels): NamespaceLimits {
  const plan = labels[LABELS.plan] ?? ''
  return limitsFor(isPlan(plan) ? plan : 'free')
}

/**
 * What these labels say; for those that are missing or mistyped, what the plan allows that is named by another one. A
 * namespace without any is held to the smallest plan: a label that is lost must not open the cluster.
 */
export function limitsOfNamespace(labels: Labels): NamespaceLimits {
  const { quota } = planOf(labels)
  const text = (what: keyof NamespaceQuota, otherwise: string): string =>
    quantityOr(labels[limitLabel(what)], otherwise)
  const count = (what: 'pods' | 'volumes', otherwise: number): number => {
    const said = labels[limitLabel(what)] ?? ''
    return isCount(said) ? Number(said) : otherwise
  }
  return {
    deployments: deploymentsOfNamespace(labels),
    quota: {
      cpuRequests: text('cpuRequests', quota.cpuRequests),
      cpuLimits: text('cpuLimits', quota.cpuLimits),
      memoryRequests: text('memoryRequests', quota.memoryRequests),
      memoryLimits: text('memoryLimits', quota.memoryLimits),
      storage: text('storage', quota.storage),
      pods: count('pods', quota.pods),
      volumes: count('volumes', quota.volumes),
    },
  }
}
