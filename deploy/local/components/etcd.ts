import type { Command, Component, StartContext } from '../component.ts'
import { flags } from '../flags.ts'
import { assertAnswers } from '../probe.ts'
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
    const args = flags({
      name: 'local',
      'data-dir': paths.data(site, 'etcd'),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `local=${peer}`,
      'log-level': 'warn',
    })
    return { path: program('etcd'), args: [...args, '--unsafe-no-fsync', '--force-new-cluster'] }
  },
  ready: async ({ site }) => assertAnswers(`${clientUrl(site)}/health`),
}

export function clientUrl(site: Site): string {
  return `http://127.0.0.1:${site.ports.etcd}`
}
