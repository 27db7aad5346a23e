import { createHash, randomBytes } from 'node:crypto'
import { request } from 'undici'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { skipUnless } from '../../src/testing/levels.ts'
import {
  eventually,
  exec,
  followLog,
  openCluster,
  restrictedNamespace,
  stackEnv,
  throughTraefik,
  writeVault,
} from '../fixtures/cluster.ts'
import { helloApp, shellPod } from '../fixtures/hello-manifests.ts'

interface Pod {
  readonly metadata: { readonly name: string }
  readonly status: { readonly podIP?: string; readonly conditions?: { type: string; status: string }[] }
}

/** The whole path of an app in plain manifests, on a stack on which nothing of Shipyard runs. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const cluster = openCluster()
  const namespace = 'plain-a'
  const other = 'plain-b'
  const host = 'plain.apps.localhost'
  const value = randomBytes(24).toString('base64url')
  const pods = `/api/v1/namespaces/${namespace}/pods`

  const readyPods = async (): Promise<Pod[]> => {
    const { items } = await cluster.get<{ items: Pod[] }>(`${pods}?labelSelector=app%3Dhello`)
    const ready = items.filter((pod) =>
      pod.status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True'),
    )
    if (ready.length < 2) throw new Error(`${ready.length} of 2 pods are ready`)
    return ready
  }

  beforeAll(async () => {
    const vaultPath = 'tests/plain-manifests'
    const version = await writeVault(vaultPath, { TOKEN: value })
    await cluster.apply(restrictedNamespace(namespace), restrictedNamespace(other))
    await cluster.apply(
      ...helloApp({ namespace, host, vaultPath, version }),
      shellPod(other, 'visitor'),
      shellPod(namespace, 'neighbour'),
    )
    await eventually(60_000, readyPods)
    for (const [where, name] of [
      [other, 'visitor'],
      [namespace, 'neighbour'],
    ] as const) {
      await eventually(30_000, async () => exec({ namespace: where, name }, ['/bin/true']))
    }
  })

  afterAll(async () => {
    await cluster.delete(`/api/v1/namespaces/${namespace}`)
    await cluster.delete(`/api/v1/namespaces/${other}`)
    await cluster.close()
  })

  it('answers through Traefik with the SHA-256 of the secret, from the environment and from the file', async () => {
    const body = await eventually(15_000, async () => {
      const answer = await throughTraefik(host)
      if (answer.status !== 200) throw new Error(`Traefik answered ${answer.status}`)
      return answer.body
    })
    const expected = createHash('sha256').update(value).digest('hex')
    expect(JSON.parse(body)).toMatchObject({
      env: { GREETING: 'good morning' },
      secret: { envSha256: expected, fileSha256: expected },
    })
    expect(body).not.toContain(value)
  })

  it('follows a log and sees the line of a request made meanwhile', async () => {
    const [pod] = await readyPods()
    const mark = randomBytes(8).toString('hex')
    const path = `${pods}/${pod?.metadata.name ?? ''}/log?follow=true`
    const line = followLog(path, (each) => each.includes(mark))
    const answer = await request(`http://${pod?.status.podIP ?? ''}:8080/headers`, {
      headers: { 'x-request-id': mark },
    })
    await answer.body.dump()
    expect(await line).toContain('/headers')
  })

  it('runs a command in a pod', async () => {
    const said = await exec({ namespace, name: 'neighbour' }, ['/bin/sh', '-c', 'id -u; echo "$0"'])
    expect(said.split('\n')[0]).toBe('65532')
  })

  it('reports CPU and memory of the pods', async () => {
    const usage = await eventually(60_000, async () => {
      const { items } = await cluster.get<{ items: { containers: { usage: { memory: string } }[] }[] }>(
        `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`,
      )
      if (items.length === 0) throw new Error('no metrics yet')
      return items
    })
    expect(usage[0]?.containers[0]?.usage.memory).toMatch(/^\d+Ki$/)
  })

  it('refuses a pod that asks for more than the level restricted allows', async () => {
    const privileged = shellPod(namespace, 'privileged', { securityContext: {}, hostNetwork: true })
    await expect(cluster.apply(privileged)).rejects.toThrow(/violates PodSecurity "restricted:latest"/)
  })

  it('lets a pod open the API server and nothing else of this machine', async () => {
    const [registryHost = '', registryPort = ''] = (stackEnv('SHIPYARD_REGISTRY').split('//')[1] ?? '').split(
      ':',
    )
    const open = async (address: string, port: string): Promise<string> =>
      exec({ namespace: other, name: 'visitor' }, [
        '/bin/sh',
        '-c',
        `timeout 2 nc -w 1 ${address} ${port} </dev/null >/dev/null 2>&1 && echo open || echo shut`,
      ])
    const api = await cluster.get<{ spec: { clusterIP: string } }>(
      '/api/v1/namespaces/default/services/kubernetes',
    )
    expect(await open(api.spec.clusterIP, '443')).toBe('open\n')
    expect((await request(`http://${registryHost}:${registryPort}/v2/`)).statusCode).toBe(200)
    expect(await open(registryHost, registryPort)).toBe('shut\n')
  })

  it('admits a pod of another namespace until a NetworkPolicy refuses it', async () => {
    const [pod] = await readyPods()
    const address = `http://${pod?.status.podIP ?? ''}:8080/healthz`
    const visit = async (where: string, name: string): Promise<string> =>
      exec({ namespace: where, name }, ['/bin/timeout', '2', '/bin/wget', '-q', '-O-', address])
    await expect(visit(other, 'visitor')).resolves.toContain('ok')
    await cluster.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'own-namespace', namespace },
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] },
    })
    await eventually(10_000, async () => {
      const got = await visit(other, 'visitor').catch(() => 'refused')
      if (got !== 'refused') throw new Error(`the visitor still gets ${got}`)
    })
    await expect(visit(namespace, 'neighbour')).resolves.toContain('ok')
    await cluster.delete(`/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/own-namespace`)
    await eventually(10_000, async () => visit(other, 'visitor'))
  })
})
