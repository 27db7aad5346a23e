import type { ImageDigest, ImageReference } from '../../contract/image.ts'

export interface RegistryCredentials {
  readonly username: string
  readonly password: string
}

export interface ResolveOptions {
  /** Sent to the registry of this image and to the token server that it names, to nobody else. */
  readonly credentials?: RegistryCredentials
  /** Ends the attempt early; the answer is then unpinned. */
  readonly signal?: AbortSignal
}

export type UnpinnedReason =
  /** No connection, a time-out, an answer of 5xx or 429. */
  | 'RegistryUnavailable'
  /** The registry wants (other) credentials, or has no such image: registries do not tell these apart. */
  | 'AccessDenied'
  | 'ImageNotFound'
  /** The host leads to an address that the server must not talk to. */
  | 'HostNotAllowed'
  /** What was answered is no registry's answer. */
  | 'UnexpectedAnswer'

/** The digest, or why the image stays a mutable tag, as a word for code and a sentence for people. */
export type ImageResolution =
  | { readonly digest: ImageDigest }
  | { readonly unpinned: UnpinnedReason; readonly sentence: string }

/**
 * Turns tags into digests, so that a revision means the same bytes for ever. A registry is an outside party:
 * whatever it does, the answer comes within the time-out and never as an exception, for an image that cannot
 * be resolved may still be deployed, marked as unpinned.
 */
export interface RegistryPort {
  /** An image that names its digest already is answered with it, unasked: the reference is the content. */
  resolve(image: ImageReference, options?: ResolveOptions): Promise<ImageResolution>
  close(): Promise<void>
}
