import { parseImage, type ImageDigest, type ImageReference } from '../../contract/image.ts'
import type { RegistryCredentials, RegistryPort, UnpinnedReason } from './port.ts'
import { unpinned } from './unpinned.ts'

interface FakeImage {
  readonly digest: ImageDigest
  /** Shown to who has these only. */
  readonly credentials?: RegistryCredentials
}

/** Registries in memory, for unit tests. */
export interface FakeRegistry extends RegistryPort {
  /** From now on the tag means this. */
  push(image: ImageReference, pushed: FakeImage): void
  /** From now on every tag of this host stays a tag, for this reason; undefined heals it. */
  setBroken(host: string, reason: UnpinnedReason | undefined): void
}

export function createFakeRegistry(): FakeRegistry {
  const images = new Map<string, FakeImage>()
  const broken = new Map<string, UnpinnedReason>()
  const keyOf = (image: ImageReference): string => {
    const { registry, repository, tag = 'latest' } = parseImage(image)
    return `${registry}/${repository}:${tag}`
  }
  return {
    push: (image, pushed) => void images.set(keyOf(image), pushed),
    setBroken: (host, reason) => void (reason ? broken.set(host, reason) : broken.delete(host)),
    async resolve(image, { credentials, signal } = {}) {
      const { registry: host, digest } = parseImage(image)
      if (digest !== undefined) return { digest }
      const asked = { host, image }
      const reason = signal?.aborted ? 'RegistryUnavailable' : broken.get(host)
      if (reason) return unpinned(reason, asked)
      const found = images.get(keyOf(image))
      if (!found) return unpinned('ImageNotFound', asked)
      return isShown(found, credentials) ? { digest: found.digest } : unpinned('AccessDenied', asked)
    },
    close: async () => undefined,
  }
}

function isShown({ credentials: needed }: FakeImage, given: RegistryCredentials | undefined): boolean {
  return !needed || (needed.username === given?.username && needed.password === given.password)
}
