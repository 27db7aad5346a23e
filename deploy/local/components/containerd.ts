import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Component, StartContext } from '../component.ts'
import { assertAccepts } from '../probe.ts'
import { paths, type Site } from '../site.ts'
import { imageName } from './images.ts'
import { insideNode, linkIntoNode, nodeRoot } from './node.ts'
import { registries } from './registry.ts'

export const containerdSocket = '/run/containerd/containerd.sock'

/** containerd with runc. Its state lies on the node's /run, so a node that comes back starts like after a reboot. */
export const containerd: Component = {
  name: 'containerd',
  about: 'Container runtime',
  needs: [],
  within: 'node',
  programs: ['containerd', 'containerd-shim-runc-v2', 'runc', 'net-tools'],
  async start(context: StartContext): Promise<Command> {
    const { site, program } = context
    linkIntoNode(site, {
      'containerd-shim-runc-v2': program('containerd-shim-runc-v2'),
      runc: program('runc'),
    })
    const config = paths.config(site, 'containerd.toml')
    writeFileSync(config, configOf(site))
    writeRegistryHosts(site)
    return insideNode(context, { path: program('containerd'), args: ['--config', config] })
  },
  ready: async ({ pidOf }) =>
    assertAccepts({ path: join(`/proc/${pidOf('containerd')}/root`, containerdSocket) }),
}

/**
 * `restrict_oom_score_adj`: without CAP_SYS_RESOURCE a score can't be lowered. The pods' unprivileged ports
 * start at 0 (containerd's default since 2.0), which lets a non-root CoreDNS serve port 53.
 */
function configOf(site: Site): string {
  const runtime = `plugins."io.containerd.cri.v1.runtime"`
  const images = `plugins."io.containerd.cri.v1.images"`
  return `version = 3
root = "${nodeRoot}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.nri.v1.nri", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
  address = "${containerdSocket}"
[${images}]
  snapshotter = "overlayfs"
[${images}.pinned_images]
  sandbox = "${imageName('pause')}"
[${images}.registry]
  config_path = "${nodeRoot}/certs.d"
[${runtime}]
  restrict_oom_score_adj = true
[${runtime}.cni]
  bin_dirs = ["${paths.node(site, 'bin')}"]
  conf_dir = "${nodeRoot}/cni"
[${runtime}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[${runtime}.containerd.runtimes.runc.options]
  BinaryName = "${paths.node(site, 'bin/runc')}"
  SystemdCgroup = false
`
}

/** The registries' names are the same on every stack; where they answer is not. */
function writeRegistryHosts(site: Site): void {
  for (const { host, port } of registries(site)) {
    const folder = paths.node(site, join('certs.d', host))
    mkdirSync(folder, { recursive: true })
    const url = `http://${site.net.host}:${port}`
    writeFileSync(
      join(folder, 'hosts.toml'),
      `server = "${url}"\n[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`,
    )
  }
}
