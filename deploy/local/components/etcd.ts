import { request } from 'undici'
import type { Command, Component, StartContext } from '../component.ts'
import { paths, type Site } from '../site.ts'

/**
 * etcd on loopback without fsync: a killed process loses nothing (the kernel holds what it wrote); only a
 * machine that loses power could, and this stack is for one developer's machine.
 */
export const etcd: Component = {
  name: 'etcd',
  about: 'etcd',
  needs: [],
  programs: ['etcd'],
  async start({ site, program }: StartContext): Promise<Command> {
    const client = clientUrl(site)
    const peer = `http://127.0.0.1:${site.ports['etcd-peer']}`
    const flags = {
      name: 'local',
      'data-dir': paths.data(site, 'etcd'),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `local=${peer}`,
      'log-level': 'warn',
    }
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)
    return { path: program('etcd'), args: [...args, '--unsafe-no-fsync', '--force-new-cluster'] }
  },
  async ready({ site }) {
    const { statusCode, body } = await request(`${clientUrl(site)}/health`, { headersTimeout: 2_000 })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`its health is ${text}`)
  },
}

export function clientUrl(site: Site): string {
  return `http://127.0.0.1:${site.ports.etcd}`
}
