import type { Component, StartContext } from '../component.ts'
import { IMAGE_VERSIONS, localImages } from '../images/local-images.ts'
import { buildImage } from '../images/oci-image.ts'
import { pushImage } from '../images/push.ts'
import { registries } from './registry.ts'

/** The stack's own images, made here and pushed to its registry; what is there already is not pushed again. */
export const images: Component = {
  name: 'images',
  about: 'Images of the stack',
  needs: ['registry'],
  programs: ['hello', 'busybox', 'coredns'],
  async start({ site, program }: StartContext) {
    const [open] = registries(site)
    if (!open) throw new Error('there is no open registry')
    const specs = localImages({
      hello: program('hello'),
      busybox: program('busybox'),
      coredns: program('coredns'),
    })
    await Promise.all(specs.map(async (spec) => pushImage(await buildImage(spec), { url: open.url })))
    return undefined
  },
}

const tags = { pause: '1', hello: '1', busybox: '1', coredns: IMAGE_VERSIONS.coredns } as const

/** The name by which pods ask for one of the stack's own images. */
export function imageName(image: keyof typeof tags): string {
  return `registry.localhost/shipyard/${image}:${tags[image]}`
}
