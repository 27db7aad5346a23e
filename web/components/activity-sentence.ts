import type { ActivityEntry } from '../../src/modules/deployments/activity-schema.ts'

/** The details are of many kinds and versions: what is not as expected is left out of the sentence. */
function textOf(detail: ActivityEntry['detail'], name: string): string | undefined {
  const value = detail[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function numberOf(detail: ActivityEntry['detail'], name: string): string | undefined {
  const value = detail[name]
  return typeof value === 'number' ? String(value) : undefined
}

function listOf(detail: ActivityEntry['detail'], name: string): string | undefined {
  const value = detail[name]
  const texts = Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
  return texts.length === 0 ? undefined : texts.join(', ')
}

function podsOf(detail: ActivityEntry['detail']): string | undefined {
  const replicas = numberOf(detail, 'replicas')
  return replicas && (replicas === '1' ? '1 pod' : `${replicas} pods`)
}

const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' ')
const after = (word: string, text: string | undefined): string | undefined => text && `${word} ${text}`

const SENTENCES: Record<ActivityEntry['kind'], (detail: ActivityEntry['detail']) => string> = {
  created: () => 'deployed it',
  env_updated: (detail) => joined('changed the variables', after('of', textOf(detail, 'service'))),
  image_updated: (detail) =>
    joined('changed the image', after('of', textOf(detail, 'service')), after('to', textOf(detail, 'image'))),
  image_followed: (detail) =>
    joined('made', textOf(detail, 'service') ?? 'it', 'follow', textOf(detail, 'image') ?? 'its tag'),
  image_unfollowed: (detail) => {
    const service = textOf(detail, 'service') ?? 'it'
    return joined('stopped', service, 'from following', textOf(detail, 'image') ?? 'its tag')
  },
  image_moved: (detail) =>
    joined(
      'brought',
      textOf(detail, 'service') ?? 'it',
      'to what',
      textOf(detail, 'image') ?? 'its tag',
      'means now',
      after('for', textOf(detail, 'onBehalfOf')),
    ),
  secrets_updated: (detail) => joined('set the secrets', listOf(detail, 'keys')),
  secrets_deleted: (detail) => joined('deleted the secrets', listOf(detail, 'keys')),
  config_updated: (detail) => joined('changed the config files', after('of', textOf(detail, 'service'))),
  ingress_updated: () => 'changed how requests are taken in',
  scaled: (detail) => joined('scaled', textOf(detail, 'service'), after('to', podsOf(detail))),
  rolled_back: (detail) =>
    joined(
      'went back',
      after('to revision', numberOf(detail, 'to')),
      after('because of a failure of revision', numberOf(detail, 'failed')),
    ),
  rollback_set: ({ rollbackOnFailure }) =>
    rollbackOnFailure === true
      ? 'wants updates that fail to be taken back'
      : 'wants updates that fail to be left as they are',
  suspended: () => 'stopped all its pods',
  resumed: () => 'let its pods run again',
  handed_over: (detail) => joined('handed it over', after('to', textOf(detail, 'to'))),
  restarted: () => 'restarted it',
  delete_requested: () => 'asked to delete it',
  removed: () => 'saw the last of it go',
}

/** What somebody did, after their name: `changed the variables of web`. */
export function sentenceOf({ kind, detail }: Pick<ActivityEntry, 'kind' | 'detail'>): string {
  // A newer server may know more kinds than this page.
  const sentence: ((detail: ActivityEntry['detail']) => string) | undefined = SENTENCES[kind]
  return sentence?.(detail) ?? 'changed it'
}
