import type { Component, StartContext } from '../component.ts'
import { findTool } from '../machine.ts'
import { run } from '../run.ts'
import type { Site } from '../site.ts'

/**
 * The stack's own link: a bridge that carries the machine's side of it. It stays when the node goes, so
 * that the API server and the registries keep their address. Deleting the bridge takes address and routes
 * with it. Without a node there is nothing to do.
 */
export const network: Component = {
  name: 'network',
  about: 'Network link',
  needs: [],
  async start({ site }: StartContext) {
    if (!site.machine.canRunNode) return undefined
    const { bridge } = site.links
    site.ledger.recordName('link', bridge)
    if (!(await linkExists(bridge)))
      await ip('link', 'add', bridge, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0')
    await ip('addr', 'replace', `${site.net.host}/${site.net.linkPrefix}`, 'dev', bridge)
    await ip('link', 'set', bridge, 'up')
    return undefined
  },
  async stop({ ledger }: Site) {
    for (const name of ledger.names('link')) if (await linkExists(name)) await ip('link', 'del', name)
  },
}

export async function ip(...args: readonly string[]): Promise<string> {
  return run(findTool('ip') ?? 'ip', args)
}

export async function linkExists(name: string): Promise<boolean> {
  const links = JSON.parse(await ip('-json', 'link', 'show')) as { ifname: string }[]
  return links.some((link) => link.ifname === name)
}
