import { LABELS, PLURALS, GROUP } from '../../../src/contract/crd/meta.ts'
import { limitLabel } from '../../../src/contract/namespace-limits.ts'
import { limitsFor, PLANS } from '../../../src/contract/tiers.ts'
import { OWNED_KINDS } from '../../../src/contract/crd/owned-kinds.ts'
import { RESOURCES } from '../../runtime/cluster.ts'
import {
  HAS_EXPOSE,
  MAY_EXPOSE,
  namespaceLabel,
  onlyExposers,
  onlyExposersAndSweepers,
  onlySchedulers,
  sweepsOnlyOurs,
  type Policy,
} from './policy.ts'

const pods: Policy = {
  name: 'pods',
  targets: [
    { groups: [''], resources: ['pods'] },
    { groups: [''], resources: ['pods/ephemeralcontainers'], operations: ['UPDATE'] },
  ],
  validations: [
    {
      holds: "request.?subResource.orValue('') != 'ephemeralcontainers'",
      otherwise: 'Nothing is added to a pod that runs: deploy a change instead.',
    },
    {
      // What the scheduler decides, it writes by a binding. A pod that names its node passes by every taint.
      holds: "request.operation != 'CREATE' || !has(object.spec.nodeName)",
      otherwise: 'A pod does not choose its node: remove nodeName.',
    },
    {
      // A node gives an image that it has to everybody. Not of pods that were there before this rule.
      holds: `request.operation != 'CREATE' || ${HAS_EXPOSE} ||
  (object.spec.containers + object.spec.?initContainers.orValue([])).all(c, c.?imagePullPolicy.orValue('') == 'Always')`,
      otherwise:
        'A pod asks the registry for its images, so that nobody runs what they may not pull: set imagePullPolicy to Always.',
    },
    {
      holds: `object.spec.?volumes.orValue([]).all(v,
  !has(v.projected) || v.projected.?sources.orValue([]).all(s, !has(s.serviceAccountToken)))`,
      otherwise:
        'A pod gets no token of the cluster: set automountServiceAccountToken to false and mount no serviceAccountToken.',
    },
    {
      holds: "!object.spec.?priorityClassName.orValue('').startsWith('system-')",
      otherwise: 'The priority classes of the system are not for apps: remove priorityClassName.',
    },
    {
      // Kubernetes itself adds tolerations of conditions of a node. Without a key, everything is tolerated.
      holds: `object.spec.?tolerations.orValue([]).all(t,
  t.?key.orValue('').startsWith('node.kubernetes.io/') ||
  (t.?key.orValue('') == '${LABELS.orgId}' && t.?value.orValue('') != '' && t.?value.orValue('') == ${namespaceLabel(LABELS.orgId)}))`,
      otherwise: "A pod tolerates no taint but that of its organisation's own nodes: remove the toleration.",
    },
  ],
}

/** The other way in which a pod gets a node. */
const bindings: Policy = {
  name: 'bindings',
  targets: [{ groups: [''], resources: ['bindings', 'pods/binding'], operations: ['CREATE'] }],
  validations: [onlySchedulers('The scheduler alone chooses the node of a pod.')],
}

/** An address in it becomes one of a service, and so one to which requests from outside are sent on. */
const podStatuses: Policy = {
  name: 'pod-statuses',
  targets: [{ groups: [''], resources: ['pods/status'], operations: ['UPDATE'] }],
  // Kubernetes lets a node speak of its own pods alone. Programs of the network note other things there.
  only: { name: 'not-by-a-node', where: "!('system:nodes' in request.userInfo.groups)" },
  validations: [
    {
      holds: `${MAY_EXPOSE} || (object.?status.?podIP.orValue('') == oldObject.?status.?podIP.orValue('') &&
  object.?status.?podIPs.orValue([]) == oldObject.?status.?podIPs.orValue([]))`,
      otherwise: 'At which address a pod answers is told by its node alone.',
    },
  ],
}

const services: Policy = {
  name: 'services',
  targets: [{ groups: [''], resources: ['services'] }],
  validations: [
    {
      holds: "object.spec.?type.orValue('ClusterIP') == 'ClusterIP'",
      otherwise: 'A service is of the type ClusterIP: requests from outside come through an ingress.',
    },
    {
      holds: 'object.spec.?externalIPs.orValue([]).size() == 0',
      otherwise: 'A service takes no address from outside: remove externalIPs.',
    },
    {
      holds: 'object.spec.?selector.orValue({}).size() > 0',
      otherwise: 'A service leads to pods of its own namespace: give it a selector.',
    },
    {
      holds: "object.metadata.?annotations.orValue({}).all(a, !a.startsWith('external-dns.'))",
      otherwise: 'A service takes no name in the DNS: remove the annotations of external-dns.',
    },
  ],
}

/** Where addresses come from that a request is sent on to. */
const endpoints: Policy = {
  name: 'endpoints',
  targets: [
    { groups: [''], resources: ['endpoints'] },
    { groups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  ],
  validations: [
    onlyExposers(
      'Kubernetes finds the addresses of services by itself: give the service a selector instead.',
    ),
  ],
}

const openings: Policy = {
  name: 'openings',
  targets: [
    { groups: ['networking.k8s.io'], resources: ['ingresses'] },
    {
      groups: ['traefik.io', 'traefik.containo.us', 'gateway.networking.k8s.io', 'externaldns.k8s.io'],
      resources: ['*'],
    },
  ],
  validations: [
    onlyExposers(
      'What leads in from outside is made from a deployment: set its ingress instead, so that host names stay unique.',
    ),
  ],
}

/** Made from the annotation of an Ingress, by cert-manager itself. Also what it notes of its own steps. */
const certificates: Policy = {
  name: 'certificates',
  targets: [{ groups: ['cert-manager.io', 'acme.cert-manager.io'], resources: ['*/*'] }],
  validations: [
    onlyExposers(
      "A certificate is asked for with a deployment's host names: set its ingress instead, so that nobody gets a key for a name of others.",
    ),
  ],
}

const guards: Policy = {
  name: 'guards',
  targets: [
    {
      groups: ['networking.k8s.io'],
      resources: ['networkpolicies'],
      operations: ['CREATE', 'UPDATE', 'DELETE'],
    },
    {
      groups: [''],
      resources: ['resourcequotas', 'limitranges'],
      operations: ['CREATE', 'UPDATE', 'DELETE'],
    },
  ],
  validations: [
    onlyExposersAndSweepers(
      'What guards a namespace follows from its plan: set the network of a deployment instead.',
    ),
  ],
}

const idOf = (label: string, prefix: string): string => `${namespaceLabel(label)}.replace('${prefix}', '', 1)`

/** The store reads for everybody, so which paths are asked for decides whose secrets a namespace gets. */
const externalSecrets: Policy = {
  name: 'external-secrets',
  targets: [{ groups: ['external-secrets.io'], resources: ['externalsecrets'] }],
  variables: {
    user: idOf(LABELS.userId, 'usr_'),
    org: idOf(LABELS.orgId, 'org_'),
    keys: 'object.spec.?data.orValue([]).map(d, d.remoteRef.key)',
  },
  validations: [
    {
      holds: 'object.spec.?dataFrom.orValue([]).size() == 0',
      otherwise: 'Each key is asked for by name: use data instead of dataFrom.',
    },
    {
      holds: 'object.spec.?data.orValue([]).all(d, !has(d.sourceRef))',
      otherwise: 'All keys come from one store: remove sourceRef.',
    },
    {
      holds: "object.spec.?secretStoreRef.?kind.orValue('SecretStore') == 'ClusterSecretStore'",
      otherwise: "Secrets come from the platform's own store: name a ClusterSecretStore.",
    },
    {
      // A path in Vault has a fixed grammar; segments such as `..` have no place in it.
      holds: String.raw`variables.user.matches('^[a-z2-7]{25}$') && variables.org.matches('^[a-z2-7]{25}$') &&
variables.keys.all(k,
  k.matches('^users/' + variables.user + '/(secrets|(deployments|templates)/[a-z0-9-]{1,63}(/services/[a-z0-9-]{1,63})?)$') ||
  k == 'orgs/' + variables.org + '/secrets')`,
      otherwise: 'A secret belongs to another user or organisation: name a path of your own.',
    },
    {
      holds: `object.spec.?target.?template.?templateFrom.orValue([]).size() == 0 && !has(object.spec.?target.manifest)`,
      otherwise: 'A secret is made of the keys that were asked for: remove templateFrom and manifest.',
    },
  ],
}

const stores: Policy = {
  name: 'secret-stores',
  targets: [
    { groups: ['external-secrets.io'], resources: ['secretstores', 'pushsecrets'] },
    { groups: ['generators.external-secrets.io'], resources: ['*'] },
  ],
  validations: [
    {
      holds: 'false',
      otherwise: 'A namespace has no store, no generator and no push of secrets of its own.',
    },
  ],
}

const quotas = PLANS.map((plan) => ({ plan, quota: limitsFor(plan).quota }))
/** A size that no quota would ever let run is refused before anything waits for it. */
const largest = (what: 'cpuLimits' | 'memoryLimits'): string =>
  `quantity(namespaceObject.metadata.labels[?'${limitLabel(what)}'].orValue({${quotas.map(({ plan, quota }) => `'${plan}': '${quota[what]}'`).join(', ')}}[?${namespaceLabel(LABELS.plan)}].orValue('${limitsFor('free').quota[what]}')))`

/** After a change to a smaller plan, a deployment can still be stopped. */
const RUNS_NOTHING = 'object.spec.?suspended.orValue(false)'

const deployments: Policy = {
  name: 'deployments',
  targets: [{ groups: [GROUP], resources: [PLURALS.UserDeployment] }],
  // Kubernetes deletes by updates that take finalizers away: one that was refused would hold the object for ever.
  only: { name: 'stays', where: '!has(object.metadata.deletionTimestamp)' },
  variables: { cpu: largest('cpuLimits'), memory: largest('memoryLimits') },
  validations: [
    {
      holds: `object.spec.owner.userId == ${namespaceLabel(LABELS.userId)} && object.spec.owner.orgId == ${namespaceLabel(LABELS.orgId)}`,
      otherwise:
        'A deployment belongs to the user and organisation of its namespace: name them as its owner.',
    },
    {
      holds: `${RUNS_NOTHING} || object.spec.network.isolation != 'dedicated' || ${namespaceLabel(LABELS.isolation)} == 'dedicated'`,
      otherwise: 'Nodes of its own are not part of the plan: choose the isolation shared or namespace.',
    },
    {
      holds: `${RUNS_NOTHING} || object.spec.services.all(s,
  quantity(s.resources.limits.cpu).compareTo(variables.cpu) <= 0 &&
  quantity(s.resources.limits.memory).compareTo(variables.memory) <= 0)`,
      otherwise: 'A service is larger than everything that the plan allows together: lower its limits.',
    },
  ],
}

/** Consumption, what was checked already and what runs are read from there as true. */
const statuses: Policy = {
  name: 'statuses',
  targets: [{ groups: [GROUP], resources: [`${PLURALS.UserDeployment}/status`], operations: ['UPDATE'] }],
  validations: [
    onlyExposers('What a deployment does is told by the operator alone: change its spec instead.'),
  ],
}

/** Custom resources are the server's own affair, also one whose label somebody took away. */
const SWEPT = OWNED_KINDS.filter((kind) => kind !== 'UserDeployment')

/** The server's role cannot say whose objects it may remove. */
const removals: Policy = {
  name: 'removals',
  isEverywhere: true,
  targets: [...Map.groupBy(SWEPT, (kind) => RESOURCES[kind].group)].map(([group, kinds]) => ({
    groups: [group],
    resources: kinds.map((kind) => RESOURCES[kind].plural),
    operations: ['DELETE'],
  })),
  validations: [sweepsOnlyOurs('The server removes what carries its label, and nothing else.')],
}

export const POLICIES: readonly Policy[] = [
  pods,
  bindings,
  podStatuses,
  services,
  endpoints,
  openings,
  certificates,
  guards,
  externalSecrets,
  stores,
  deployments,
  statuses,
  removals,
]
