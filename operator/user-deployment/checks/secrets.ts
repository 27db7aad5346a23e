/** Whether the Secrets that a service's pods need have come from Vault. */
import type { Service } from '../../../src/contract/crd/service.ts'
import type { ExternalSecretManifest } from '../desired/external-secret.ts'
import type { Manifest } from '../manifest.ts'
import { conditionOf, liveOf, type LiveExternalSecret, type Observed } from '../observed.ts'
import { quoted, stuck, waits, type Finding } from './finding.ts'
import { LABELS } from '../../../src/contract/crd/meta.ts'

/** The ExternalSecrets without which a service's pods cannot start: its own, and those for pulling images. */
export function secretsNeededBy(service: Service, desired: readonly Manifest[]): ExternalSecretManifest[] {
  return desired.filter((wanted): wanted is ExternalSecretManifest => {
    const of = wanted.metadata.labels?.[LABELS.service]
    return wanted.kind === 'ExternalSecret' && (of === undefined || of === service.name)
  })
}

/** What is missing of these; nothing when all are there. What stands in the way of one counts before what is late. */
export function missingSecret(
  observed: Observed,
  needed: readonly ExternalSecretManifest[],
): Finding | undefined {
  const findings = needed.flatMap(
    (wanted) => findingOf(wanted, liveOf<LiveExternalSecret>(observed, wanted)) ?? [],
  )
  return (
    findings.find(({ kind }) => kind === 'stuck') ??
    findings.find(({ reason }) => reason !== 'SecretsPending') ??
    findings[0]
  )
}

/** External Secrets says what it read, and how it went, in one condition. */
function findingOf(
  wanted: ExternalSecretManifest,
  live: LiveExternalSecret | undefined,
): Finding | undefined {
  const ready = conditionOf(live?.status?.conditions, 'Ready')
  if (ready?.status === 'True') return undefined
  if (!ready) return waits('SecretsPending', 'The secrets are being brought to the cluster.')
  const paths = [
    ...new Set(wanted.spec.data.map(({ remoteRef }) => `${remoteRef.key} (version ${remoteRef.version})`)),
  ]
  const of = paths.join(', ')
  if (saysMissing(ready.message)) {
    return stuck(
      'SecretsIncomplete',
      `Vault has no value for a key of ${of}: ${quoted(ready.message)}. Set the secret.`,
    )
  }
  return waits(
    'SecretStoreUnavailable',
    `Vault cannot be read for ${of}: ${quoted(ready.message)}. It is tried again.`,
  )
}

/** External Secrets has one reason for all failures; what failed is only in its words. */
const saysMissing = (message = ''): boolean =>
  /cannot find secret data for key|secret does not exist|no secret found|404|key .* does not exist/i.test(
    message,
  )
