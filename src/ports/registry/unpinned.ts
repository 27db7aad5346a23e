/** Why a tag stays a tag: the word for code and the sentence for people. */
import type { ImageReference } from '../../contract/image.ts'
import type { ImageResolution, UnpinnedReason } from './port.ts'

export interface Asked {
  /** As it stands in the image's name. */
  readonly host: string
  readonly image: ImageReference
}

const sentences: Record<UnpinnedReason, (asked: Asked) => string> = {
  RegistryUnavailable: ({ host, image }) =>
    `The registry ${host} cannot be reached, so ${image} stays a tag that may come to mean something else.`,
  AccessDenied: ({ host, image }) =>
    `The registry ${host} does not show ${image} to us. Check its name and the pull secret.`,
  ImageNotFound: ({ host, image }) => `The registry ${host} has no ${image}. Check its name and its tag.`,
  HostNotAllowed: ({ host, image }) =>
    `${host} is not a public registry, so the server does not ask it, and ${image} stays a tag.`,
  UnexpectedAnswer: ({ host, image }) =>
    `${host} does not answer as an image registry does, so ${image} stays a tag.`,
}

export function unpinned(reason: UnpinnedReason, asked: Asked): ImageResolution {
  return { unpinned: reason, sentence: sentences[reason](asked) }
}

/** For an answer that is no success. */
export function unpinnedByStatus(status: number, asked: Asked): ImageResolution {
  if (status === 401 || status === 403) return unpinned('AccessDenied', asked)
  if (status === 404) return unpinned('ImageNotFound', asked)
  return unpinned(status === 429 || status >= 500 ? 'RegistryUnavailable' : 'UnexpectedAnswer', asked)
}

/** For a call that brought no answer. */
export function unpinnedBy(error: unknown, asked: Asked): ImageResolution {
  const { name, code } = error as { name?: string; code?: string }
  if (code === 'EADDRREFUSED') return unpinned('HostNotAllowed', asked)
  if (error instanceof SyntaxError || name === 'TypeError') return unpinned('UnexpectedAnswer', asked)
  return unpinned('RegistryUnavailable', asked)
}
