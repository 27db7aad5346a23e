/** Tags become digests when a revision is made, so that it means the same bytes for ever. */
import { parseImage, withDigest, type ImageReference } from '../../contract/image.ts'
import type { ServiceName } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Ports } from '../../ports/types.ts'
import type { RevisionSpec } from './revision-spec.ts'

interface Warning {
  readonly code: string
  readonly sentence: string
}

export interface Pinned {
  readonly spec: RevisionSpec
  /** Of images that stay a tag, why. */
  readonly warnings: Warning[]
}

/**
 * All images of a spec by their digest, asked at the same time. What cannot be resolved stays a tag, and says so.
 *
 * @param only the one service whose image is new; the others stay as they are
 * @throws {AppError} IMAGE_NOT_FOUND when the registry says that there is no such image
 */
export async function pinImages(
  { registry }: Pick<Ports, 'registry'>,
  spec: RevisionSpec,
  only?: ServiceName,
): Promise<Pinned> {
  const isMeant = (service: RevisionSpec['services'][number]): boolean =>
    only === undefined || service.name === only
  const images = [...new Set(spec.services.filter(isMeant).map(({ image }) => image))]
  const answers = await Promise.all(
    images.map(async (image) => [image, await registry.resolve(image)] as const),
  )
  const pinned = new Map<ImageReference, ImageReference>()
  const warnings: Warning[] = []
  for (const [image, answer] of answers) {
    if ('digest' in answer) pinned.set(image, withDigest(image, answer.digest))
    else if (answer.unpinned === 'ImageNotFound') fail('IMAGE_NOT_FOUND', { image })
    else warnings.push({ code: answer.unpinned, sentence: answer.sentence })
  }
  const services = spec.services.map((service) =>
    isMeant(service) ? { ...service, image: pinned.get(service.image) ?? service.image } : service,
  )
  return { spec: { ...spec, services }, warnings }
}

/** Whether an image means the same bytes for ever. */
export const isPinned = (image: ImageReference): boolean => parseImage(image).digest !== undefined
