/** Mistakes that operators are known for, each as one change of this one: the tests have to notice. */

export interface Mutant {
  /** From the root of the repository. */
  file: string
  /** Stands there exactly once. */
  text: string
  instead: string
  /** What the operator does then. */
  breaks: string
  /** Test files that have to notice. */
  tests: readonly string[]
}

const room = (folder: string, names: readonly string[]): string[] =>
  names.map((name) => `operator/${folder}/${name}.test.ts`)

export const MUTANTS: readonly Mutant[] = [
  {
    file: 'operator/user-deployment/plan.ts',
    text: '      !isGoing(live) &&\n',
    instead: '',
    breaks: 'deletes again what is on its way out',
    tests: room('user-deployment', ['reconcile']),
  },
  {
    file: 'operator/user-deployment/plan.ts',
    text: '      live.metadata.ownerReferences !== undefined &&\n',
    instead: '',
    breaks: 'deletes volumes that are to be kept',
    tests: room('user-deployment', ['reconcile', 'crash-points']),
  },
  {
    file: 'operator/user-deployment/plan.ts',
    text: " &&\n      ownershipOf(live, observed.resource) === 'ours'",
    instead: '',
    breaks: 'prunes what somebody else made',
    tests: room('user-deployment', ['reconcile', 'crash-points']),
  },
  {
    file: 'operator/user-deployment/plan.ts',
    text: '!needed.has(slotOf(live))',
    instead: 'true',
    breaks: 'takes secrets from under running pods',
    tests: room('user-deployment', ['reconcile']),
  },
  {
    file: 'operator/user-deployment/plan.ts',
    text: 'isHeld(wanted, wish.holds) || ',
    instead: '',
    breaks: 'starts pods before what they depend on',
    tests: room('user-deployment', ['reconcile-order']),
  },
  {
    file: 'operator/user-deployment/ownership.ts',
    text: 'controller?.uid !== undefined && controller.uid === metadata.uid',
    instead: 'controller !== undefined',
    breaks: 'takes what has any controller for its own',
    tests: room('user-deployment', ['reconcile', 'crash-points']),
  },
  {
    file: 'operator/user-deployment/ownership.ts',
    text: "controller === undefined && isKeptClaim(live, metadata.name) ? 'ours' : 'foreign'",
    instead: "'foreign'",
    breaks: 'does not know a kept volume again',
    tests: room('user-deployment', ['reconcile', 'crash-points']),
  },
  {
    file: 'operator/user-deployment/ownership.ts',
    text: "return 'leftover'",
    instead: "return 'ours'",
    breaks: 'takes over what a namesake left behind',
    tests: room('user-deployment', ['reconcile']),
  },
  {
    file: 'operator/user-deployment/reconcile.ts',
    text: '    if (isGoing(raw)) return publishDeleting(raw, context)\n',
    instead: '',
    breaks: 'ignores deletionTimestamp',
    tests: room('user-deployment', ['reconcile', 'crash-points']),
  },
  {
    file: 'operator/user-deployment/reconcile.ts',
    text: 'const acted = obstacle ? undefined : await act(',
    instead: 'const acted = await act(',
    breaks: 'acts in spite of an obstacle',
    tests: room('user-deployment', ['reconcile', 'refusals']),
  },
  {
    file: 'operator/user-deployment/reconcile.ts',
    text: '    if (live.size > 0) await (asked ??= assertCurrent(resource, context))\n',
    instead: '',
    breaks: 'carries out an old wish over a newer one',
    tests: room('user-deployment', ['reconcile-guards', 'bad-views']),
  },
  {
    file: 'operator/user-deployment/status.ts',
    text: '      observedGeneration: generation,\n',
    instead: '',
    breaks: 'publishes a status without observedGeneration',
    tests: room('user-deployment', ['reconcile', 'status']),
  },
  {
    file: 'operator/user-deployment/status.ts',
    text: "result.type === 'done' && !spec.suspended",
    instead: 'true',
    breaks: 'calls a revision ready that never was',
    tests: room('user-deployment', ['reconcile', 'status']),
  },
  {
    file: 'operator/user-deployment/child-names.ts',
    text: '`v${version}-${shortHash(content, 8)}`',
    instead: '`v-${shortHash(content, 8)}`',
    breaks: "leaves the version out of a secret's name",
    tests: room('user-deployment', ['render', 'reconcile']),
  },
  {
    file: 'operator/user-deployment/child-names.ts',
    text: '`config-${shortHash(content, 10)}`',
    instead: "'config'",
    breaks: "leaves the content out of a config file's name",
    tests: room('user-deployment', ['render', 'reconcile']),
  },
  {
    file: 'operator/user-deployment/checks/before-changes.ts',
    text: '  guardsAreMissing,\n]',
    instead: ']',
    breaks: 'applies before the namespace is fenced',
    tests: room('user-deployment', ['reconcile-guards']),
  },
  {
    file: 'operator/user-deployment/checks/before-changes.ts',
    text: '  namespaceIsAnothers,\n',
    instead: '',
    breaks: "deploys into another tenant's namespace",
    tests: room('user-deployment', ['refusals', 'checks']),
  },
  {
    file: 'operator/user-deployment/checks/before-changes.ts',
    text: '  nameIsTaken,\n',
    instead: '',
    breaks: 'overwrites what has its name',
    tests: room('user-deployment', ['reconcile', 'refusals']),
  },
  {
    file: 'operator/user-deployment/facts.ts',
    text: 'hostsOfOthers: new Set(observed.rivals.keys())',
    instead: 'hostsOfOthers: new Set()',
    breaks: 'gives one host name to two deployments',
    tests: room('user-deployment', ['hosts']),
  },
  {
    file: 'operator/user-deployment/observe.ts',
    text: '      isOlder(other, raw) &&\n',
    instead: '',
    breaks: 'gives a host name to neither of two',
    tests: room('user-deployment', ['hosts']),
  },
  {
    file: 'operator/user-deployment/observe.ts',
    text: 'if (there.length === 0) return observed',
    instead: 'if (there.length >= 0) return observed',
    breaks: 'believes that what its cache lacks is not there',
    tests: room('user-deployment', ['reconcile', 'bad-views']),
  },
  {
    file: 'operator/user-deployment/carry-out.ts',
    text: 'return [first, between, last].filter',
    instead: 'return [[...first, ...between, ...last]].filter',
    breaks: 'makes pods at the same time as what they need',
    tests: room('user-deployment', ['reconcile-guards']),
  },
  {
    file: 'operator/user-deployment/carry-out.ts',
    text: '  await settled(plan.prune.map(async (live) => context.cluster.delete(live, context.signal)))\n',
    instead: '',
    breaks: 'never removes anything',
    tests: room('user-deployment', ['reconcile']),
  },
  {
    file: 'operator/user-deployment/facts.ts',
    text: 'addressOf(observed, name) ?? rememberedAddress(observed, name)',
    instead: 'addressOf(observed, name)',
    breaks: 'forgets the address that running pods know',
    tests: room('user-deployment', ['reconcile']),
  },
  {
    file: 'operator/user-deployment/controller.ts',
    text: '        ...chosenHosts(resource).flatMap(claimants(caches)),\n',
    instead: '',
    breaks: 'does not wake who waits for a host name that nobody has yet',
    tests: room('user-deployment', ['hosts']),
  },
  {
    file: 'operator/user-deployment/controller.ts',
    text: '        ...heldHosts(ingress).flatMap(claimants(caches)),\n',
    instead: '',
    breaks: 'does not wake who waits for a host name',
    tests: room('user-deployment', ['hosts']),
  },
  {
    file: 'operator/user-deployment/observe.ts',
    text: '  if (!holds && first !== undefined) return first\n',
    instead: '',
    breaks: 'takes a host name from who has it for one who is older',
    tests: room('user-deployment', ['hosts']),
  },
  {
    file: 'operator/user-deployment/controller.ts',
    text: '      watched(caches.namespaces, ({ metadata }) => residents(caches, metadata.name)),\n',
    instead: '',
    breaks: 'does not see that a namespace was opened',
    tests: room('user-deployment', ['reconcile-guards']),
  },
  {
    file: 'operator/user-deployment/publish.ts',
    text: 'if (!now || !isNews(before, now)) return',
    instead: 'if (!now) return',
    breaks: 'writes an event at every look',
    tests: room('user-deployment', ['reconcile-guards']),
  },
  {
    file: 'operator/user-deployment/reconcile-namespace.ts',
    text: 'if (live && live.metadata.labels?.[LABELS.managedBy] !== MANAGED_BY) {',
    instead: "if (live && live.metadata.name === '') {",
    breaks: "overwrites somebody else's guard",
    tests: room('user-deployment', ['reconcile-guards']),
  },
  {
    file: 'operator/runtime/live-cluster.ts',
    text: 'Promise<boolean> {\n    this.#fence()\n',
    instead: 'Promise<boolean> {\n',
    breaks: 'deletes without being the leader',
    tests: room('runtime', ['zombie', 'live-cluster']),
  },
  {
    file: 'operator/runtime/live-cluster.ts',
    text: 'object, live, onlyIf, ...isForced',
    instead: 'object, live, ...isForced',
    breaks: 'writes over what it has not seen',
    tests: room('runtime', ['live-cluster']),
  },
  {
    file: 'operator/runtime/controller.ts',
    text: '    this.queue.retry(ref, longestRestMs(error))\n',
    instead: '',
    breaks: 'does not try again what failed',
    tests: room('runtime', ['controller']),
  },
  {
    file: 'operator/runtime/controller.ts',
    text: '      queue.addAfter(ref, milliseconds(result.after))\n',
    instead: '',
    breaks: 'forgets what it waits for',
    tests: room('runtime', ['controller']),
  },
  {
    file: 'operator/runtime/controller.ts',
    text: ', ...(previous ? toKeys(previous) : [])',
    instead: '',
    breaks: 'forgets whom an object belonged to',
    tests: room('runtime', ['controller']),
  },
  {
    file: 'operator/runtime/queue.ts',
    text: '    if (again !== undefined) this.#enqueue(key, again)\n',
    instead: '',
    breaks: 'loses a change that comes during the work',
    tests: room('runtime', ['queue', 'queue-model']),
  },
  {
    file: 'operator/runtime/leader.ts',
    text: 'clock.monotonicMs() - this.#held.since < renewMs',
    instead: 'renewMs > 0 && clock.now() !== undefined',
    breaks: 'leads on after a freeze',
    tests: room('runtime', ['zombie', 'leader']),
  },
  {
    file: 'operator/runtime/leader.ts',
    text: 'return now - this.#seen.at >= Math.max(record.durationMs, this.#settings.leaseMs)',
    instead: 'return now >= this.#seen.at',
    breaks: 'takes a lease that is held',
    tests: room('runtime', ['leader', 'leader-model']),
  },
  {
    file: 'operator/runtime/conditions.ts',
    text: 'known?.status === condition.status ? known.lastTransitionTime : now',
    instead: 'now',
    breaks: 'renews the time of a condition that stayed',
    tests: room('runtime', ['conditions']),
  },
  {
    file: 'src/kubernetes/apply.ts',
    text: 'preconditions: { uid, resourceVersion },',
    instead: '',
    breaks: 'deletes without preconditions',
    tests: ['src/kubernetes/apply.test.ts'],
  },
]
