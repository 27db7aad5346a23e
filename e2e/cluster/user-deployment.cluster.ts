import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, inject, it } from 'vitest'

import { smallService } from '../../src/contract/testing/specs.ts'
import type { UserDeploymentSpecInput } from '../../src/contract/crd/user-deployment.ts'
import { idBody } from '../../src/contract/ids.ts'
import type { ResourceName } from '../../src/contract/names.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { eventually, throughTraefik, writeVault } from '../fixtures/cluster.ts'
import { deploy, type Deployed } from '../fixtures/operator.ts'
import { requestLoop } from '../fixtures/request-loop.ts'
import { useOperator } from '../fixtures/use-operator.ts'

type Services = UserDeploymentSpecInput['services']

interface Page {
  host: string
  env?: Record<string, string>
  file?: { content?: string }
  secret?: { envSha256?: string; fileSha256?: string }
  called?: { status?: number; body?: string; error?: string }
}

/** What everything together does for one deployment, with real pods, packets, secrets and requests. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const world = useOperator()
  const { cluster } = world
  const value = randomBytes(24).toString('base64url')

  const health = { http: { path: '/readyz', port: 8080 }, periodSeconds: 1 }
  /** `web` calls `api` by its bare name; `api` has the secret. */
  const stack = (name: ResourceName, version: number, greeting = 'good morning'): Services => [
    smallService({
      env: [
        { name: 'GREETING', value: greeting },
        { name: 'SHOW_ENV', value: 'GREETING' },
        { name: 'SHOW_FILE', value: '/etc/hello/message.txt' },
        { name: 'CALL_URL', value: 'http://api:8080/' },
        { name: 'SECRET_ENV', value: 'TOKEN' },
        { name: 'SECRET_FILE', value: '/secrets/token' },
      ],
      configFiles: [{ path: '/etc/hello/message.txt', content: `of ${name}` }],
      secrets: [
        {
          path: `users/${idBody(world.tenant.owner.userId)}/deployments/${name}`,
          version,
          keys: [
            { key: 'TOKEN', env: 'TOKEN' },
            { key: 'TOKEN', file: { path: '/secrets/token', mode: 0o400 } },
          ],
        },
      ],
      health,
      dependsOn: ['api'],
    }),
    smallService({ name: 'api', health }),
  ]

  async function deployStack(): Promise<Deployed> {
    let version = 0
    const named = await deploy(cluster, world.tenant, (name) => ({ services: stack(name, 1) }))
    version = await writeVault(`users/${idBody(world.tenant.owner.userId)}/deployments/${named.name}`, {
      TOKEN: value,
    })
    expect(version).toBe(1)
    return named
  }

  async function page({ name }: Deployed): Promise<Page> {
    const answer = await throughTraefik(`${name}.apps.localhost`)
    if (answer.status !== 200) throw new Error(`Traefik answered ${answer.status}`)
    return JSON.parse(answer.body) as Page
  }

  it('becomes Ready and answers through Traefik with variable, config file, secret and neighbour', async () => {
    const deployed = await deployStack()
    const status = await deployed.until(60_000, ({ phase }) => phase === 'Ready')
    expect(status).toMatchObject({
      services: [
        { name: 'web', desired: 1, updated: 1, ready: 1 },
        { name: 'api', desired: 1, updated: 1, ready: 1 },
      ],
      urls: [expect.stringMatching(new RegExp(`^http://${deployed.name}\\.apps\\.localhost:\\d+$`))],
    })
    const sha = createHash('sha256').update(value).digest('hex')
    const shown = await eventually(5_000, async () => page(deployed))
    expect(shown).toMatchObject({
      env: { GREETING: 'good morning' },
      file: { content: `of ${deployed.name}` },
      secret: { envSha256: sha, fileSha256: sha },
      called: { status: 200 },
    })
    expect(shown.called?.body).toContain(`Hello from ${deployed.name}-api-`)
    expect(JSON.stringify([shown, status])).not.toContain(value)
  })

  it('keeps two deployments of one namespace apart that have services of the same names', async () => {
    const [one, two] = await Promise.all([deployStack(), deployStack()])
    for (const each of [one, two]) {
      await each.until(60_000, ({ phase }) => phase === 'Ready')
      const shown = await eventually(5_000, async () => page(each))
      expect(shown.called?.body).toContain(`Hello from ${each.name}-api-`)
    }
  })

  describe('a rolling update', () => {
    it('loses no request, from outside or between services', async () => {
      const deployed = await deployStack()
      await deployed.until(60_000, ({ phase }) => phase === 'Ready')
      await eventually(5_000, async () => page(deployed))
      const loop = requestLoop(20, async () => {
        const shown = await page(deployed)
        if (shown.called?.status !== 200) throw new Error(`api: ${JSON.stringify(shown.called)}`)
      })
      const services = stack(deployed.name, 1, 'good evening').map((service) => ({ ...service, args: [] }))
      const [web, api] = services
      if (!web || !api) throw new Error('there are two services')
      await deployed.change({
        revision: 2,
        services: [web, { ...api, env: [{ name: 'CHANGED', value: 'yes' }] }],
      })
      await deployed.until(90_000, ({ phase, readyRevision }) => phase === 'Ready' && readyRevision === 2)
      // Old pods go on answering until everybody who sends requests has heard that they go.
      await eventually(5_000, async () => {
        expect((await page(deployed)).env).toEqual({ GREETING: 'good evening' })
      })
      // The old pods go on for their grace.
      await new Promise((resolve) => setTimeout(resolve, 8_000))
      const { requests, failures } = await loop.stop()
      expect(failures).toEqual([])
      expect(requests).toBeGreaterThan(100)
    })
  })

  it('takes a new version of a secret by new pods and destroys nothing under the old ones', async () => {
    const deployed = await deployStack()
    await deployed.until(60_000, ({ phase }) => phase === 'Ready')
    const next = randomBytes(24).toString('base64url')
    const path = `users/${idBody(world.tenant.owner.userId)}/deployments/${deployed.name}`
    const version = await writeVault(path, { TOKEN: next })
    await deployed.change({ revision: 2, services: stack(deployed.name, version) })
    await deployed.until(60_000, ({ phase, readyRevision }) => phase === 'Ready' && readyRevision === 2)
    const sha = createHash('sha256').update(next).digest('hex')
    await eventually(10_000, async () => {
      expect((await page(deployed)).secret).toEqual({ envSha256: sha, fileSha256: sha })
    })
    await eventually(60_000, async () => {
      expect(await deployed.children('v1', 'Secret')).toHaveLength(1)
    })
  })

  it('says which secret has no value, starts nothing, and goes on when it is there', async () => {
    const deployed = await deploy(cluster, world.tenant, (name) => ({ services: stack(name, 1) }))
    const path = `users/${idBody(world.tenant.owner.userId)}/deployments/${deployed.name}`
    const status = await deployed.until(60_000, ({ conditions }) =>
      conditions.some(({ reason }) => reason === 'SecretsIncomplete'),
    )
    expect(status.lastError?.message).toContain(path)
    const made = await deployed.children<{ metadata: { name: string } }>('apps/v1', 'Deployment')
    expect(made.map(({ metadata }) => metadata.name)).toEqual([`${deployed.name}-api`])
    await writeVault(path, { TOKEN: value })
    await deployed.until(90_000, ({ phase }) => phase === 'Ready')
  })

  it('leaves nothing when it is deleted', async () => {
    const deployed = await deployStack()
    await deployed.until(60_000, ({ phase }) => phase === 'Ready')
    await deployed.delete('Foreground')
    const kinds = [
      ['v1', 'Pod'],
      ['v1', 'Secret'],
      ['v1', 'ConfigMap'],
      ['v1', 'Service'],
      ['apps/v1', 'Deployment'],
      ['apps/v1', 'ReplicaSet'],
      ['networking.k8s.io/v1', 'Ingress'],
      ['networking.k8s.io/v1', 'NetworkPolicy'],
      ['external-secrets.io/v1', 'ExternalSecret'],
    ] as const
    await eventually(90_000, async () => {
      const left = await Promise.all(
        kinds.map(async ([apiVersion, kind]) => deployed.children(apiVersion, kind)),
      )
      expect(left.flat()).toEqual([])
      await expect(deployed.status()).rejects.toThrow('404')
    })
  })

  it('wrote nothing in vain', async () => {
    expect(await world.operator.idleWrites()).toBe(0)
    expect(world.operator.log.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })
})
