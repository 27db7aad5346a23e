/**
 * References to container images, in the grammar that Docker and containerd share
 * (https://github.com/distribution/reference): `[registry/]path[:tag][@digest]`.
 */
import type { z } from 'zod'

import { branded, type Branded } from './branded.ts'

const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const REGISTRY = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?`
const PATH_PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const TAG = '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}'
const DIGEST = 'sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128}'
const REFERENCE = `^(?:${REGISTRY}/)?${PATH_PART}(?:/${PATH_PART})*(?::${TAG})?(?:@(?:${DIGEST}))?$`

export type ImageReference = Branded<'image_reference'>
export const ImageReference: z.ZodType<ImageReference, string> = branded({
  pattern: new RegExp(REFERENCE),
  max: 500,
  says: 'An image is written like ghcr.io/owner/app:1.2: a registry (or none for Docker Hub), a lower-case path, a tag or a digest.',
})

export type ImageDigest = Branded<'image_digest'>
export const ImageDigest: z.ZodType<ImageDigest, string> = branded({
  pattern: new RegExp(`^(?:${DIGEST})$`),
  max: 135,
  says: 'A digest is sha256: and 64 hexadecimal digits.',
})

/** The parts of a reference, with what the short forms leave out. */
export interface ImageParts {
  /** Host and port, `docker.io` when none is written. */
  registry: string
  /** The path in the registry, with `library/` before Docker Hub's own images. */
  repository: string
  /** `latest` when neither tag nor digest is written. */
  tag?: string
  digest?: ImageDigest
}

/** Takes a reference apart. */
export function parseImage(image: ImageReference): ImageParts {
  const [name = '', digest] = image.split('@', 2)
  const colon = name.lastIndexOf(':')
  const hasTag = colon > name.lastIndexOf('/')
  const path = hasTag ? name.slice(0, colon) : name
  const tag = hasTag ? name.slice(colon + 1) : undefined
  return {
    ...splitRegistry(path),
    ...(tag === undefined && digest !== undefined ? {} : { tag: tag ?? 'latest' }),
    ...(digest === undefined ? {} : { digest: digest as ImageDigest }),
  }
}

/** The first part is a registry only if it looks like a host: a dot, a port, or `localhost`. */
function splitRegistry(path: string): Pick<ImageParts, 'registry' | 'repository'> {
  const slash = path.indexOf('/')
  const first = path.slice(0, Math.max(slash, 0))
  if (first === 'localhost' || /[.:[A-Z]/.test(first)) {
    return { registry: first, repository: path.slice(slash + 1) }
  }
  return { registry: 'docker.io', repository: slash < 0 ? `library/${path}` : path }
}

/**
 * The image by its tag alone, as it is written: what can be followed. Undefined where no tag is written, because a
 * digest replaces the one that is meant then.
 */
export function taggedImage(image: ImageReference): ImageReference | undefined {
  const [name = ''] = image.split('@', 1)
  return name.lastIndexOf(':') > name.lastIndexOf('/') ? (name as ImageReference) : undefined
}

/** Registry, path and tag in full: the same for all ways to write an image by its tag. */
export function fullName(image: ImageReference): ImageReference {
  const { registry, repository, tag = 'latest' } = parseImage(image)
  return `${registry}/${repository}:${tag}` as ImageReference
}

/** The same image by its content: what a revision keeps, so that a moved tag changes nothing. */
export function withDigest(image: ImageReference, digest: ImageDigest): ImageReference {
  const [name = ''] = image.split('@', 1)
  return `${name}@${digest}` as ImageReference
}
