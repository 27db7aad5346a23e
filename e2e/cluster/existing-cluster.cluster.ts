import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { manifests } from '../../deploy/dev/start/manifests.ts'
import { operator } from '../../deploy/dev/start/operator.ts'
import { dashboardUrl, server } from '../../deploy/dev/start/server.ts'
import { inspectCluster } from '../../deploy/local/existing-cluster.ts'
import { readManifests } from '../../deploy/local/manifests.ts'
import { programStore } from '../../deploy/local/programs/store.ts'
import { repository } from '../../deploy/local/settings.ts'
import { paths } from '../../deploy/local/site.ts'
import { startStack, type Stack } from '../../deploy/local/stack.ts'
import { idBody } from '../../src/contract/ids.ts'
import { smallService } from '../../src/contract/testing/specs.ts'
import { eventually, stackEnv } from '../fixtures/cluster.ts'
import { createTenant, deploy } from '../fixtures/operator.ts'

it('finds External Secrets and Traefik in a cluster that has them', async () => {
  const { version, lacks } = await inspectCluster(stackEnv('KUBECONFIG'))
  expect(version).toMatch(/^v1\.\d+\./)
  expect(lacks.filter((sentence) => !sentence.includes('UserDeployment'))).toEqual([])
})

/** Nothing is installed there but what an API server has from its birth. */
describe('Shipyard over somebody else’s bare cluster', () => {
  const home = mkdtempSync(join(tmpdir(), 'shipyard-existing-'))
  const programs = programStore({})
  const stacks: Stack[] = []
  afterAll(async () => {
    for (const stack of stacks.toReversed()) await stack.stop()
    rmSync(home, { recursive: true, force: true })
  })

  const started = async (options: Parameters<typeof startStack>[0]): Promise<Stack> => {
    const stack = await startStack(options)
    stacks.push(stack)
    await stack.untilReady()
    return stack
  }

  interface Ready {
    readonly parts: { readonly cluster: { readonly isHealthy: boolean; readonly reason?: string } }
  }

  it('says what it lacks, puts nothing there, and goes on when somebody does', async () => {
    const theirs = await started({ folder: join(home, 'theirs'), programs, parts: ['kube-apiserver'] })
    const kubeconfig = paths.kubeconfig(theirs.site, 'admin')
    const { lacks } = await inspectCluster(kubeconfig)
    expect(lacks[0]).toContain('kubectl apply -f operator/manifests')

    const tokenFile = stackEnv('VAULT_TOKEN_FILE')
    const { site } = await started({
      folder: join(home, 'ours'),
      programs,
      // The dashboard's files make no difference here.
      apps: [{ ...server, needs: ['postgres', 'openbao'] }, manifests, operator],
      parts: [server.name, manifests.name, operator.name],
      existing: {
        databaseDsn: stackEnv('DATABASE_DSN'),
        vault: { address: stackEnv('VAULT_ADDR'), token: readFileSync(tokenFile, 'utf8').trim(), tokenFile },
        kubeconfig,
      },
    })
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
    expect((await theirs.cluster.get<{ items: object[] }>(definitions)).items).toEqual([])

    const ofServer = async (): Promise<Ready> =>
      (await (await fetch(`${dashboardUrl(site)}/readyz`)).json()) as Ready
    const ofOperator = async (): Promise<string> =>
      (await fetch(`http://127.0.0.1:${site.ports['shipyard-operator-health']}/readyz`)).text()
    await eventually(20_000, async () => {
      expect((await ofServer()).parts.cluster).toEqual({
        isHealthy: false,
        reason: expect.stringContaining('kubectl apply -f operator/manifests'),
      })
      expect(await ofOperator()).toContain('does not define userdeployments.scheduler.opsnorth.io')
    })

    await theirs.cluster.apply(...readManifests(join(repository, 'operator/manifests')))
    await eventually(60_000, async () => {
      expect((await ofServer()).parts.cluster).toEqual({ isHealthy: true })
      expect(await ofOperator()).toBe('ok\n')
    })
    // It has no External Secrets either: only a deployment with secrets waits for that.
    const tenant = await createTenant(theirs.cluster)
    const without = await deploy(theirs.cluster, tenant, {
      services: [smallService({ replicas: 0 })],
      ingress: undefined,
    })
    const path = `users/${idBody(tenant.owner.userId)}/deployments/abcdefghij`
    const secrets = [{ path, version: 1, keys: [{ key: 'TOKEN', env: 'TOKEN' }] }]
    const needy = await deploy(theirs.cluster, tenant, { services: [smallService({ secrets })] })
    await needy.until(60_000, ({ lastError, conditions }) =>
      JSON.stringify([lastError, conditions]).includes('SecretStoreUnavailable'),
    )
    await eventually(60_000, async () => {
      expect(await without.children('v1', 'Service')).toHaveLength(1)
    })
  })
})
