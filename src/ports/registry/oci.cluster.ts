import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, inject } from 'vitest'
import { buildImage } from '../../../deploy/local/images/oci-image.ts'
import { pushImage } from '../../../deploy/local/images/push.ts'
import { stackEnv } from '../../../e2e/fixtures/cluster.ts'
import { ImageDigest, parseImage } from '../../contract/image.ts'
import { createRegistry } from './oci.ts'
import { conformsToRegistryPort } from './testing/conformance.ts'

const pair = (name: string): [host: string, url: string] => {
  const [host = '', url = ''] = stackEnv(name).split('=')
  return [host, url]
}

describe("the stack's registries", () => {
  const [open, openUrl] = pair('SHIPYARD_REGISTRY')
  const [locked, lockedUrl] = pair('SHIPYARD_REGISTRY_PRIVATE')
  const away = 'away.localhost'
  const password = readFileSync(join(inject('stackFolder'), 'secrets/registry-private'), 'utf8')
  const credentials = { username: 'shipyard', password }
  const registry = createRegistry({
    mirrors: new Map([
      [open, openUrl],
      [locked, lockedUrl],
      [away, 'http://127.0.0.1:1'],
    ]),
  })
  afterAll(async () => registry.close())

  conformsToRegistryPort(() => ({
    registry,
    hosts: { open, locked, away },
    credentials,
    async push(image, seed) {
      const { registry: host, repository: name, tag = 'latest' } = parseImage(image)
      const built = await buildImage({ name, tag, files: [{ path: '/seed', content: seed }], config: {} })
      const to = host === locked ? { url: lockedUrl, auth: credentials } : { url: openUrl }
      return ImageDigest.parse((await pushImage(built, to)).digest)
    },
  }))
})
