/** What differs between two revisions, in people's words. Pure. */
import type { DeploymentSummary, PlannedObject } from '../../src/modules/deployments/schema.ts'
import type { RevisionSummary } from '../../src/modules/deployments/revision-schema.ts'
import type { Tone } from '../ui/badge.tsx'

export type RevisionField = PlannedObject['fields'][number]

/** Of a deployment as a whole; what belongs to a service stands below `services`. */
const OF_ALL: Record<string, string> = {
  visibility: 'Who reaches it',
  rollbackOnFailure: 'Going back by itself when an update fails',
  pullSecrets: 'Credentials for images',
  ingress: 'The service that its address leads to',
}

const OF_REQUESTS: readonly (readonly [RegExp, string])[] = [
  [/^ingress\.tls\b/, 'Secret with a certificate of its own'],
  [/^ingress\.redirectToHttps$/, 'Leading everybody to HTTPS'],
  [/^ingress\.responseHeaders\.(?<name>.+)$/, 'Header {name} of every answer'],
]

const SERVICES = 'services.'

const OF_SERVICE: readonly (readonly [RegExp, string])[] = [
  [/^image$/, 'Image of {service}'],
  [/^replicas$/, 'Number of pods of {service}'],
  [/^autoscaling\b/, 'Scaling by load of {service}'],
  [/^env\.(?<name>.+)$/, 'Variable {name} of {service}'],
  [/^configFiles\.(?<name>.+)\.mode$/, 'Permissions of the config file {name} of {service}'],
  [/^configFiles\.(?<name>.+?)(?:\.content)?$/, 'Config file {name} of {service}'],
  [/^secrets\.(?<name>.+)\.version$/, 'Version of the secrets of {service}'],
  [/^secrets\.(?<name>.+)$/, 'Secrets of {service}'],
  [/^resources\.limits\.cpu$/, 'CPU that {service} may use'],
  [/^resources\.limits\.memory$/, 'Memory that {service} may use'],
  [/^resources\.requests\.cpu$/, 'CPU kept for {service}'],
  [/^resources\.requests\.memory$/, 'Memory kept for {service}'],
  [/^health\b/, 'Health check of {service}'],
  [/^ports\b/, 'Ports of {service}'],
  [/^volumes\b/, 'Volumes of {service}'],
  [/^dependsOn\b/, 'What {service} waits for'],
]

/** `services.web.env.GREETING` as `Variable GREETING of web`. What is not known here keeps its path. */
export function fieldLabel(path: string): string {
  if (!path.startsWith(SERVICES))
    return wordsOf(path, OF_REQUESTS) ?? OF_ALL[path.replace(/[[.].*$/, '')] ?? path
  const [first, rest] = splitOnce(path.slice(SERVICES.length))
  if (rest === undefined) return `Service ${first}`
  return wordsOf(rest, OF_SERVICE, first) ?? `${rest} of ${first}`
}

function wordsOf(path: string, known: typeof OF_SERVICE, service = ''): string | undefined {
  for (const [pattern, words] of known) {
    const match = pattern.exec(path)
    if (match) return filled(words, { service, name: match.groups?.['name'] ?? '' })
  }
  return undefined
}

/** A service's name has no dot; what follows may have some. */
function splitOnce(path: string): [string, string | undefined] {
  const dot = path.indexOf('.')
  return dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)]
}

const filled = (words: string, values: Record<string, string>): string =>
  words.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')

/** A value as it is written; of a secret its version, which is all that a revision knows. */
export function fieldValue(path: string, value: unknown): string {
  if (value === undefined) return isSetting(path) ? 'not set' : 'not there'
  if (value === '') return 'empty'
  if (typeof value === 'number') return writtenNumber(path, value)
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return contentOf(value) ?? JSON.stringify(value, null, 2)
}

/** What a service has always, if only by default; other things are there or not. */
const isSetting = (path: string): boolean =>
  /^services\.[^.]+\.(replicas|resources\..+|runAsUser|fsGroup)$/.test(path)

function writtenNumber(path: string, value: number): string {
  if (/^services\.[^.]+\.replicas$/.test(path)) return value === 1 ? '1 pod' : `${value} pods`
  if (/^services\.[^.]+\.configFiles\..+\.mode$/.test(path)) return value.toString(8).padStart(4, '0')
  if (/^services\.[^.]+\.secrets\..+\.version$/.test(path)) return `version ${value}`
  return String(value)
}

/** Of a file as a whole what stands in it. */
function contentOf(value: unknown): string | undefined {
  const { content } = (value ?? {}) as { content?: unknown }
  return typeof content === 'string' ? content : undefined
}

type Present = Pick<DeploymentSummary, 'phase' | 'suspended' | 'revision' | 'readyRevision'>

/** How a revision stands to what runs now; undefined for what is past. */
export function revisionMark(
  { number }: Pick<RevisionSummary, 'number'>,
  { phase, suspended, revision, readyRevision }: Present,
): { word: string; tone: Tone } | undefined {
  if (suspended) return number === revision ? { word: 'runs when started', tone: 'neutral' } : undefined
  if (number === readyRevision) {
    const isBroken = number === revision && phase === 'Error'
    return isBroken ? { word: 'wanted, was ready before', tone: 'bad' } : { word: 'runs now', tone: 'good' }
  }
  if (number !== revision) return undefined
  return phase === 'Error'
    ? { word: 'wanted, does not run', tone: 'bad' }
    : { word: 'wanted', tone: 'active' }
}

/** `registry/path/name:tag@sha256:…` as `name:tag`, or the beginning of the digest where there is no tag. */
export function imageName(image: string): string {
  const [reference = image, digest] = image.split('@')
  const name = reference.slice(reference.lastIndexOf('/') + 1)
  return name.includes(':') || digest === undefined ? name : `${name}@${digest.slice(0, 19)}`
}
