import { grant, read } from '../access.ts'
import type { Command, Component, StartContext } from '../component.ts'
import { flags } from '../flags.ts'
import { readManifests } from '../manifests.ts'
import { assertAnswers } from '../probe.ts'
import { paths } from '../site.ts'

/** Traefik as a process of the machine, on loopback, with the Ingress provider. */
export const traefik: Component = {
  name: 'traefik',
  about: 'Traefik (ingress)',
  needs: ['kube-apiserver'],
  programs: ['traefik', 'traefik-crds'],
  async start({ site, program, cluster }: StartContext): Promise<Command> {
    // The folder has examples too.
    const definitions = readManifests(program('traefik-crds')).filter(
      ({ kind }) => kind === 'CustomResourceDefinition',
    )
    await Promise.all(definitions.map(async (definition) => cluster.apply(definition)))
    await cluster.apply(...grant('traefik', rules), {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'traefik' },
      spec: { controller: 'traefik.io/ingress-controller' },
    })
    const loopback = (port: number): string => `127.0.0.1:${port}`
    const args = flags({
      'global.checknewversion': 'false',
      'global.sendanonymoususage': 'false',
      'log.level': site.isVerbose ? 'DEBUG' : 'INFO',
      'entrypoints.web.address': loopback(site.ports['traefik-http']),
      'entrypoints.websecure.address': loopback(site.ports['traefik-https']),
      'entrypoints.websecure.http.tls': 'true',
      'entrypoints.traefik.address': loopback(site.ports['traefik-admin']),
      ping: 'true',
      'providers.kubernetesingress': 'true',
      'providers.kubernetesingress.ingressclass': 'traefik',
      'providers.kubernetesingress.throttleduration': '0s',
      // For the middlewares that an Ingress names.
      'providers.kubernetescrd': 'true',
      // How they are called in it, which other versions of Traefik know too; not to be asked about at each start.
      'providers.kubernetescrd.safenaming': 'false',
      // Written on each Ingress that was taken up, which the operator waits for.
      'providers.kubernetesingress.ingressendpoint.ip': '127.0.0.1',
      // An app without a ready pod is unavailable (503), not unknown (404).
      'providers.kubernetesingress.allowemptyservices': 'true',
      // Traefik gathers changes for this long; its default of 2 s is most of the time from Deploy to the first answer.
      'providers.providersthrottleduration': '100ms',
    })
    return {
      path: program('traefik'),
      args,
      env: { KUBECONFIG: paths.kubeconfig(site, 'traefik'), GOGC: '50' },
      graceMs: 5_000,
    }
  },
  ready: async ({ site }) => assertAnswers(`http://127.0.0.1:${site.ports['traefik-admin']}/ping`),
}

const rules = [
  { apiGroups: [''], resources: ['services', 'endpoints', 'secrets', 'nodes', 'configmaps'], verbs: read },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: read },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
  { apiGroups: ['traefik.io'], resources: ['*'], verbs: read },
]
