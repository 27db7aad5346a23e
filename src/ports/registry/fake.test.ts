import { createHash } from 'node:crypto'
import { describe } from 'vitest'
import { ImageDigest } from '../../contract/image.ts'
import { createFakeRegistry } from './fake.ts'
import { conformsToRegistryPort } from './testing/conformance.ts'

describe('the fake registry', () => {
  const registry = createFakeRegistry()
  const hosts = { open: 'open.example', locked: 'locked.example', away: 'away.example' }
  const credentials = { username: 'user', password: 'password' }
  registry.setBroken(hosts.away, 'RegistryUnavailable')

  conformsToRegistryPort(() => ({
    registry,
    hosts,
    credentials,
    async push(image, seed) {
      const digest = ImageDigest.parse(`sha256:${createHash('sha256').update(seed).digest('hex')}`)
      registry.push(image, { digest, ...(image.startsWith(hosts.locked) ? { credentials } : {}) })
      return digest
    },
  }))
})
