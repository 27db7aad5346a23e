import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { childrenOf, identify } from '../../deploy/local/processes.ts'
import { programStore } from '../../deploy/local/programs/store.ts'
import { startStack, type Stack } from '../../deploy/local/stack.ts'
import { atLevel, skipUnless } from '../../src/testing/levels.ts'
import { eventually, restrictedNamespace } from '../fixtures/cluster.ts'
import { helloApp } from '../fixtures/hello-manifests.ts'
import { dsn } from '../../deploy/local/components/postgres.ts'
import { Client } from 'pg'
import { request } from 'undici'

// At level 1 `deploy/local/supervisor.test.ts` kills what it has started.
atLevel(9, () => {
  /** Each part is killed in turn, as the kernel would for want of memory: the stack becomes whole by itself. */
  skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
    const home = mkdtempSync(join(tmpdir(), 'shipyard-recovery-'))
    let stack: Stack

    beforeAll(async () => {
      stack = await startStack({ folder: join(home, 'stack'), programs: programStore({}) })
      await stack.untilReady()
      await query('CREATE TABLE kept (value text)')
      await query(`INSERT INTO kept VALUES ('row')`)
      const metadata = { name: 'kept', namespace: 'default' }
      await stack.cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: 'object' } })
      await vault('POST', 'secret/data/kept', { data: { TOKEN: 'secret' } })
      await stack.cluster.apply(restrictedNamespace('kept'))
      await stack.cluster.apply(...helloApp({ namespace: 'kept', host, vaultPath: 'kept', version: 1 }))
      await eventually(60_000, appAnswers)
    })

    afterAll(async () => {
      await stack.stop()
      rmSync(home, { recursive: true, force: true })
    })

    const host = 'kept.apps.localhost'

    /** DNS, secret, volume, Service, Ingress: all that an app stands on. */
    async function appAnswers(): Promise<void> {
      const url = `http://127.0.0.1:${stack.env['INGRESS_HTTP_PORT'] ?? ''}/`
      const answer = await request(url, { headers: { host }, headersTimeout: 2_000 })
      expect(await answer.body.text()).toContain(createHash('sha256').update('secret').digest('hex'))
    }

    const withProcess = [
      'postgres',
      'openbao',
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'registry',
      'registry-private',
      'node',
      'containerd',
      'network-policy',
      'kube-proxy',
      'kubelet',
      'external-secrets',
      'traefik',
      'metrics-server',
      'storage',
      'kwok',
      'stripe-mock',
      'maildev',
      'google',
      'stripe',
    ]

    it('kills every part that has a process', () => {
      const having = stack.states().filter((each) => each.pid !== undefined)
      expect(having.map((each) => each.name)).toEqual(withProcess)
    })

    it.each(withProcess)('is whole again after %s was killed', async (name) => {
      const before = stateOf(name)
      for (const pid of worker(before.pid ?? 0)) process.kill(pid, 'SIGKILL')
      await eventually(10_000, async () => {
        if (stateOf(name).restarts === before.restarts) throw new Error(`${name} has not been started again`)
      })
      await eventually(60_000, async () => {
        const missing = stack.states().filter((each) => each.phase !== 'ready')
        if (missing.length > 0)
          throw new Error(missing.map((each) => `${each.name}: ${each.reason ?? each.phase}`).join('; '))
      })
      await eventually(10_000, dataAreThere)
      await eventually(60_000, appAnswers)
    })

    async function dataAreThere(): Promise<void> {
      expect((await query('SELECT value FROM kept')).rows).toEqual([{ value: 'row' }])
      const object = await stack.cluster.get<{ data: object }>('/api/v1/namespaces/default/configmaps/kept')
      expect(object.data).toEqual({ value: 'object' })
      const { data } = await vault<{ data: { keys: string[] } }>('GET', 'secret/metadata?list=true')
      expect(data.keys).toContain('kept')
    }

    function stateOf(name: string) {
      const state = stack.states().find((each) => each.name === name)
      if (!state) throw new Error(`no component ${name}`)
      return state
    }

    async function query(text: string) {
      const client = new Client({ connectionString: dsn(stack.site) })
      await client.connect()
      try {
        return await client.query(text)
      } finally {
        await client.end()
      }
    }

    async function vault<T>(method: string, path: string, body?: object): Promise<T> {
      const token = readFileSync(stack.env['VAULT_TOKEN_FILE'] ?? '', 'utf8')
      const answer = await fetch(`${stack.env['VAULT_ADDR'] ?? ''}/v1/${path}`, {
        method,
        headers: { 'x-vault-token': token },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      if (!answer.ok) throw new Error(`OpenBao answered ${answer.status}`)
      return (await answer.json()) as T
    }
  })
})

/** The program itself: inside the node it is the child of the command that entered the node. */
function worker(pid: number): number[] {
  const inner = childrenOf(pid).filter((child) => identify(child) !== undefined)
  const isEntering = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('nsenter')
  return inner.length > 0 && isEntering ? inner : [pid]
}
