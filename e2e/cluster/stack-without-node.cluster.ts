import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, inject, it } from 'vitest'
import { environmentWith } from '../../deploy/dev/settings.ts'
import { clusterApi } from '../../deploy/local/cluster-api.ts'
import { repository } from '../../deploy/local/settings.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { eventually } from '../fixtures/cluster.ts'
import { processesAbout } from '../fixtures/machine-state.ts'

const home = mkdtempSync(join(tmpdir(), 'shipyard-no-node-'))
const folder = join(home, 'stack')
const execute = promisify(execFile)

/** The command on a machine that allows no namespaces: whoever starts it has given up the right to make them. */
async function stackWithoutNamespaces(...args: string[]): Promise<string> {
  const main = join(repository, 'deploy/local/main.ts')
  const giveUp = ['--bounding-set=-sys_admin', '--inh-caps=-sys_admin']
  const env = environmentWith({ DATABASE_DSN: '', VAULT_ADDR: '', KUBECONFIG: '' })
  const { stdout } = await execute(
    '/usr/bin/setpriv',
    [...giveUp, process.execPath, main, ...args, '--folder', folder],
    { env, timeout: 120_000 },
  )
  return stdout
}

/** Where a node can run, it is taken away; elsewhere all other suites show this. */
skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  afterAll(async () => {
    await stackWithoutNamespaces('down')
    rmSync(home, { recursive: true, force: true })
  })

  it('schedules apps on simulated nodes where no real one can run, and says why', async () => {
    await stackWithoutNamespaces('up', '--detach')
    expect(readFileSync(join(folder, 'logs/supervisor.log'), 'utf8')).toMatch(
      /Apps will be scheduled but will not answer: A Kubernetes node needs namespaces of its own, and this machine allows none/,
    )
    const cluster = clusterApi(join(folder, 'kubeconfig/admin.yaml'))
    const labels = { app: 'simulated' }
    await cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'simulated', namespace: 'default' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'anything' }] } },
      },
    })
    await eventually(60_000, async () => {
      const { status } = await cluster.get<{ status: { readyReplicas?: number } }>(
        '/apis/apps/v1/namespaces/default/deployments/simulated',
      )
      expect(status.readyReplicas).toBe(2)
    })
    await cluster.close()
  })

  it('leaves nothing running', async () => {
    expect(await stackWithoutNamespaces('down')).not.toBe('')
    expect(processesAbout(folder)).toEqual([])
  })
})
