/** Whether the Secrets that a service's pods need have come from Vault. */
import type { Service } from '../../../src/contract/crd/service.ts'
import type { Considered, Place } from '../considered.ts'
import type { ExternalSecretManifest } from '../desired/external-secret.ts'
import { conditionOf, type LiveExternalSecret, type Observed } from '../observed.ts'
import { quoted, stuck, waits, type Finding } from './finding.ts'
import { LABELS } from '../../../src/contract/crd/meta.ts'

interface SecretPlace {
  wanted: ExternalSecretManifest
  live: LiveExternalSecret | undefined
}

/** The ExternalSecrets without which a service's pods cannot start: its own, and those for pulling images. */
const neededBy =
  (service: Service) =>
  (place: Place): place is SecretPlace => {
    const { kind, metadata } = place.wanted
    const of = metadata.labels?.[LABELS.service]
    return kind === 'ExternalSecret' && (of === undefined || of === service.name)
  }

/**
 * What is missing of the secrets of a service; nothing when all are there. What stands in the way of one counts before
 * what is late.
 */
export function missingSecret({ observed, places }: Considered, service: Service): Finding | undefined {
  const findings = places.filter(neededBy(service)).flatMap((place) => findingOf(observed, place) ?? [])
  return (
    findings.find(({ kind }) => kind === 'stuck') ??
    findings.find(({ reason }) => reason !== 'SecretsPending') ??
    findings[0]
  )
}

/** External Secrets has one condition and one sentence for all failures; what failed it tells in an event. */
function findingOf(observed: Observed, { wanted, live }: SecretPlace): Finding | undefined {
  const ready = conditionOf(live?.status?.conditions, 'Ready')
  if (ready?.status === 'True') return undefined
  if (!ready) return waits('SecretsPending', 'The secrets are being brought to the cluster.')
  const [data] = wanted.spec.data
  const where = data ? `${data.remoteRef.key} (version ${data.remoteRef.version})` : 'the secret'
  const said = observed.complaints.get(wanted.metadata.name) ?? ready.message
  if (saysMissing(said)) {
    const keys = wanted.spec.data.map(({ remoteRef }) => remoteRef.property)
    return stuck(
      'SecretsIncomplete',
      `Vault has no value for ${listed(missingKeys(said, keys))} of ${where}. Set the secret.`,
    )
  }
  return waits(
    'SecretStoreUnavailable',
    `Vault cannot be read for ${where}: ${quoted(said)}. It is tried again.`,
  )
}

const saysMissing = (message = ''): boolean =>
  /cannot find secret data for key|secret does not exist|no secret found/i.test(message)

/** The keys that a complaint names; all, when it names none: then the whole version is missing. */
function missingKeys(message: string | undefined, keys: readonly string[]): readonly string[] {
  const named = keys.filter((key) => message?.includes(`"${key}"`))
  return named.length > 0 ? named : keys
}

const listed = (keys: readonly string[]): string =>
  keys.length > 4 ? `${keys.slice(0, 4).join(', ')} and ${keys.length - 4} more` : keys.join(', ')
