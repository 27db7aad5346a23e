/**
 * A second user, in another organisation, finds nothing of what somebody else runs: at every procedure, stream and log
 * that is about it. (What is about people alone needs no cluster: src/rpc/foreign-ids.db.test.ts has all of it.)
 */
import { beforeAll, describe, expect, inject, it } from 'vitest'

import { POLICY } from '../../src/contract/policy.ts'
import { newId } from '../../src/contract/ids.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { declaredProcedures } from '../../src/testing/procedures.ts'
import { codeOf, fillIn, isReady, seen, type Person } from '../fixtures/platform.ts'
import { usePlatform } from '../fixtures/use-platform.ts'

const ABOUT_APPS = ['deployments', 'exec', 'follows', 'secrets', 'templates']

/** Those that name a place by its id; the others are about the caller alone, or for who runs the installation. */
const placed = declaredProcedures.filter(
  ([path, { meta }]) =>
    ABOUT_APPS.some((room) => path.startsWith(`${room}.`)) &&
    meta.can !== 'anyone' &&
    ['org', 'team'].includes(POLICY[meta.can].scope),
)

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const platform = usePlatform()
  const id = newId('dep')
  const absent = newId('dep')
  let ada: Person
  let eve: Person
  let form: Awaited<ReturnType<typeof fillIn>>

  beforeAll(async () => {
    const [server] = platform.servers
    if (!server) throw new Error('A platform has a server.')
    ada = platform.person
    eve = await server.signIn('eve@example.com')
    form = await fillIn(ada, 'hello-stack', { id, secrets: { TOKEN: 'x' } })
    await ada.api.deployments.create.mutate(form)
    await seen(ada, id, { withinMs: 120_000, is: isReady })
  })

  /** What Ada would send about hers, procedure by procedure. In this order: what deletes comes last. */
  const inputs: Record<string, () => object> = {
    'templates.list': () => ({ teamId: ada.teamId }),
    'templates.get': () => ({ teamId: ada.teamId, templateId: form.templateId }),
    'deployments.list': () => ({ teamId: ada.teamId }),
    'deployments.get': () => ({ id }),
    'deployments.lastLines': () => ({ id }),
    'deployments.activity': () => ({ id }),
    'deployments.onChange': () => ({ teamId: ada.teamId }),
    'deployments.onChangeOf': () => ({ id }),
    'secrets.list': () => ({ id }),
    'deployments.plan': () => ({ ...form, id: newId('dep') }),
    'deployments.planUpdate': () => ({ id, service: 'web', env: [{ name: 'A', value: 'b' }] }),
    'deployments.create': () => form,
    'deployments.updateEnv': () => ({ id, service: 'web', env: [{ name: 'A', value: 'b' }] }),
    'deployments.deployImage': () => ({ id, service: 'web', image: 'registry.localhost/shipyard/hello:1' }),
    'follows.list': () => ({ id }),
    'follows.set': () => ({ id, service: 'web', isFollowed: true }),
    'deployments.transfer': () => ({ id, userId: ada.userId }),
    'exec.pods': () => ({ id }),
    'deployments.restart': () => ({ id }),
    'deployments.updateConfig': () => ({
      id,
      service: 'web',
      configFiles: [{ path: '/etc/hello/notice.txt', content: 'another' }],
    }),
    'deployments.setRollbackOnFailure': () => ({ id, rollbackOnFailure: true }),
    'deployments.updateIngress': () => ({ id, ingress: { redirectToHttps: false } }),
    'deployments.scale': () => ({ id, service: 'web', replicas: 2 }),
    'deployments.revisions.list': () => ({ id }),
    'deployments.revisions.diff': () => ({ id, from: 1, to: 2 }),
    'deployments.rollback': () => ({ id, revision: 1 }),
    'deployments.suspend': () => ({ id }),
    'deployments.resume': () => ({ id }),
    'secrets.set': () => ({ id, values: { OTHER: 'y' } }),
    'secrets.delete': () => ({ id, keys: ['OTHER'] }),
    'deployments.delete': () => ({ id }),
  }

  it('has a case for every procedure that names a place', () => {
    expect(Object.keys(inputs).toSorted()).toEqual(placed.map(([path]) => path).toSorted())
  })

  const kinds = new Map(placed.map(([path, { type }]) => [path, type]))

  /** By HTTP, through the SDK; a stream until it says something. */
  async function call({ api }: Person, path: string, input: object): Promise<string> {
    const at = path.split('.').reduce<unknown>((each, key) => (each as Record<string, unknown>)[key], api)
    const type = kinds.get(path)
    if (type !== 'subscription') {
      const method = type === 'query' ? 'query' : 'mutate'
      return codeOf((at as Record<typeof method, (given: object) => Promise<unknown>>)[method](input))
    }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const { subscribe } = at as {
      subscribe(given: object, on: object): { unsubscribe(): void }
    }
    const subscription = subscribe(input, { onData: resolve, onError: reject })
    return codeOf(promise).finally(() => subscription.unsubscribe())
  }

  describe.each(Object.entries(inputs))('%s', (path, inputOf) => {
    it('shows a stranger nothing', async () => {
      expect(await call(eve, path, inputOf())).toBe('NOT_FOUND')
    })

    it('says to a stranger the same of what is not there', async () => {
      const text = JSON.stringify(inputOf())
        .replaceAll(id, absent)
        .replaceAll(ada.teamId, newId('team'))
        .replaceAll(ada.orgId, newId('org'))
      expect(await call(eve, path, JSON.parse(text) as object)).toBe('NOT_FOUND')
    })
  })

  const firstOf = async (person: Person, of: string, follow: boolean): Promise<unknown> => {
    const ending = new AbortController()
    try {
      for await (const item of person.logs(of, { follow, signal: ending.signal })) return item
      return undefined
    } finally {
      ending.abort()
    }
  }

  it.each([true, false])('shows a stranger no log, with follow %s', async (follow) => {
    expect(await codeOf(firstOf(eve, id, follow))).toBe('NOT_FOUND')
    expect(await codeOf(firstOf(eve, absent, follow))).toBe('NOT_FOUND')
    expect(await firstOf(ada, id, follow)).toMatchObject({ kind: 'line' })
  })

  it('opens a stranger no terminal', async () => {
    expect(await codeOf(eve.terminal(id))).toBe('NOT_FOUND')
    expect(await codeOf(eve.terminal(absent))).toBe('NOT_FOUND')
    const terminal = await ada.terminal(id)
    expect(terminal.place.pod).not.toBe('')
    terminal.close()
  })

  it('left everything as it was', async () => {
    expect(await ada.api.deployments.get.query({ id })).toMatchObject({
      phase: 'Ready',
      revision: 1,
      generation: 1,
      deletedAt: null,
    })
    expect(await eve.api.deployments.list.query({ teamId: eve.teamId })).toMatchObject({ items: [] })
  })

  // What is refused to the stranger is no nonsense: its owner gets an answer.
  it.each(Object.entries(inputs))('%s answers its owner', async (path, inputOf) => {
    expect(await call(ada, path, inputOf())).toBe('none')
  })
})
