/** A service runs what its tag means from now on, or what people deploy. */
import { fullName, parseImage, taggedImage, type ImageReference } from '../../contract/image.ts'
import { fail } from '../../errors.ts'
import type { ImageResolution } from '../../ports/registry/port.ts'
import type { Caller } from '../access/actor.ts'
import { auditOf } from '../access/audit.ts'
import type { Deps } from '../deps.ts'
import { getRow } from '../deployments/get-deployment.ts'
import { RevisionSpec } from '../deployments/revision-spec.ts'
import type { FollowSet, SetFollow } from './schema.ts'
import { followRow, unfollowRow } from './store.ts'

type Needed = Pick<Deps, 'db' | 'registry' | 'settings' | 'changes'>

/**
 * The registry is asked first: what it does not show to us cannot be followed.
 *
 * @throws {AppError} NOT_FOUND, BEING_DELETED, INVALID_INPUT for an image without a tag, IMAGE_NOT_FOUND, IMAGE_DENIED,
 *   REGISTRY_UNAVAILABLE; nothing was changed then
 */
export async function setFollow(deps: Needed, caller: Caller, input: SetFollow): Promise<FollowSet> {
  const changed = input.isFollowed ? await follow(deps, caller, input) : await unfollow(deps, caller, input)
  if (changed) deps.changes.emit({ id: input.id, teamId: changed.teamId })
  const { service, isFollowed } = input
  return { service, isFollowed }
}

async function follow(deps: Needed, caller: Caller, { id, service }: SetFollow) {
  const row = await getRow(deps, id)
  if (row.deletedAt !== null) fail('BEING_DELETED', { what: 'deployment' })
  const { services } = RevisionSpec.parse(row.spec)
  const found = services.find(({ name }) => name === service) ?? fail('NOT_FOUND', { what: 'service' })
  const image = taggedImage(found.image) ?? fail('INVALID_INPUT', { problem: NO_TAG })
  const answer = await deps.registry.resolve(image)
  const digest = 'digest' in answer ? answer.digest : refuse(image, answer)
  const followed = await followRow(deps.db, {
    ...auditOf(caller),
    deploymentId: id,
    service,
    image,
    watchedImage: fullName(image),
    present: parseImage(found.image).digest ?? null,
    digest,
    pauseSeconds: deps.settings.imageWatchSeconds,
  })
  return followed ?? fail('BEING_DELETED', { what: 'deployment' })
}

const NO_TAG =
  'This image is named by its digest alone, so it has no tag to follow. Deploy it by a tag first, such as ghcr.io/owner/app:1.2.'

function refuse(image: ImageReference, { unpinned }: Exclude<ImageResolution, { digest: unknown }>): never {
  if (unpinned === 'ImageNotFound') fail('IMAGE_NOT_FOUND', { image })
  if (unpinned === 'AccessDenied') fail('IMAGE_DENIED', { image })
  return fail('REGISTRY_UNAVAILABLE', { registry: parseImage(image).registry }, { because: unpinned })
}

const unfollow = async ({ db }: Needed, caller: Caller, { id, service }: SetFollow) =>
  unfollowRow(db, { ...auditOf(caller), deploymentId: id, service })
