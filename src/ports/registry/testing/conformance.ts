import { expect, it } from 'vitest'
import { ImageReference, type ImageDigest } from '../../../contract/image.ts'
import type { RegistryCredentials, RegistryPort } from '../port.ts'

/** A registry port, and registries behind it that the test may fill. */
export interface RegistryScene {
  readonly registry: RegistryPort
  /** Puts an image there under a tag; `seed` makes its content. Answers its digest. */
  readonly push: (image: ImageReference, seed: string) => Promise<ImageDigest>
  /** Host of a registry that shows all, of one that asks for a password, and of one that is away. */
  readonly hosts: { readonly open: string; readonly locked: string; readonly away: string }
  readonly credentials: RegistryCredentials
}

let count = 0

/** An image name that no other case uses. */
function fresh(host: string, tag = '1'): ImageReference {
  return ImageReference.parse(`${host}/conformance/image-${count++}:${tag}`)
}

/** Sentence → what shows it. */
const cases: Record<string, (scene: RegistryScene) => Promise<void>> = {
  async 'turns a tag into the digest of what it names'({ registry, push, hosts }) {
    const image = fresh(hosts.open)
    const digest = await push(image, 'one')
    expect(digest).toMatch(/^sha256:[a-f0-9]{64}$/)
    expect(await registry.resolve(image)).toEqual({ digest })
  },
  async 'sees at once that a tag was moved'({ registry, push, hosts }) {
    const image = fresh(hosts.open)
    const before = await push(image, 'one')
    await registry.resolve(image)
    const after = await push(image, 'two')
    expect(after).not.toBe(before)
    expect(await registry.resolve(image)).toEqual({ digest: after })
  },
  async 'takes an image without a tag for the latest'({ registry, push, hosts }) {
    const image = fresh(hosts.open, 'latest')
    const digest = await push(image, 'one')
    expect(await registry.resolve(ImageReference.parse(image.replace(':latest', '')))).toEqual({ digest })
  },
  async 'believes a digest without asking'({ registry, hosts }) {
    const digest = `sha256:${'a'.repeat(64)}`
    const image = ImageReference.parse(`${hosts.away}/nobody/has-this:1@${digest}`)
    expect(await registry.resolve(image)).toEqual({ digest })
  },
  async 'says that there is no such image or tag'({ registry, push, hosts }) {
    const image = fresh(hosts.open)
    await push(image, 'one')
    for (const missing of [fresh(hosts.open), ImageReference.parse(image.replace(/:1$/, ':2'))]) {
      const answer = await registry.resolve(missing)
      expect(answer).toMatchObject({
        unpinned: 'ImageNotFound',
        sentence: expect.stringContaining(missing) as string,
      })
    }
  },
  async 'shows the password to the registry that asks for it'({ registry, push, hosts, credentials }) {
    const image = fresh(hosts.locked)
    const digest = await push(image, 'one')
    expect(await registry.resolve(image)).toMatchObject({ unpinned: 'AccessDenied' })
    const wrong = { ...credentials, password: 'wrong' }
    expect(await registry.resolve(image, { credentials: wrong })).toMatchObject({ unpinned: 'AccessDenied' })
    expect(await registry.resolve(image, { credentials })).toEqual({ digest })
  },
  async 'leaves the tag when the registry is away'({ registry, hosts }) {
    expect(await registry.resolve(fresh(hosts.away))).toMatchObject({ unpinned: 'RegistryUnavailable' })
  },
  async 'leaves the tag when nobody waits any more'({ registry, push, hosts }) {
    const image = fresh(hosts.open)
    await push(image, 'one')
    const signal = AbortSignal.abort()
    expect(await registry.resolve(image, { signal })).toMatchObject({ unpinned: 'RegistryUnavailable' })
  },
}

/** What every registry port does, the real one and the fake. */
export function conformsToRegistryPort(open: () => RegistryScene): void {
  it.each(Object.entries(cases))('%s', async (_, show) => {
    await expect(show(open())).resolves.toBeUndefined()
  })
}
