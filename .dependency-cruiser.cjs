// @ts-check
/**
 * The walls of the house: who may import whom. docs/architecture.md says what each room is for.
 * Every rule has a planted breach in deploy/dev/check/walls.test.ts.
 */

/** Tests may import what they need; so may what exists for tests alone. */
const TESTS = '\\.(test|test-d|cluster|e2e|bench)\\.tsx?$'
const FOR_TESTS = '(^|/)testing/|^e2e/'

/** The files in which the operator decides: from values to values. */
const DECIDING =
  '^operator/(?!runtime/)[^/]+/((desired|render|checks|plan|status)/|(render|checks|plan|status)\\.ts$)'

const ROUTER_TYPE = '^src/rpc/app-router\\.ts$'
const SCHEMAS = '^src/modules/[^/]+/[a-z-]*schema\\.ts$'

/** Packages that only one room may know, so that they can be replaced or mended in one place. */
const PACKAGE_DOORS = {
  lucia: '^src/ports/sessions/',
  arctic: '^src/ports/oauth/',
  'node-vault': '^src/ports/vault/',
  stripe: '^src/ports/stripe/',
  '@prisma/client': '^(src/ports/db|prisma)/',
  // The stack on one machine reads kubeconfig files too, and may see nothing of src/.
  '@kubernetes/client-node': '^(src/kubernetes|deploy/local)/',
}

/**
 * Files that import: neither tests nor what exists for tests.
 *
 * @param {string} path
 * @param {string[]} except
 */
const production = (path, except = []) => ({ path, pathNot: [TESTS, FOR_TESTS, ...except] })

const everywhere = [
  {
    name: 'no-cycles',
    comment: 'Move what both need to a third file: files in a circle cannot be understood one by one.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'Import it or delete it: nothing uses this file, and it uses nothing.',
    from: {
      orphan: true,
      pathNot: [
        TESTS,
        FOR_TESTS,
        '\\.d\\.ts$',
        '(^|/)main\\.tsx?$',
        '^[^/]+\\.(ts|cjs)$',
        '^deploy/dev/',
        '^web/public/',
      ],
    },
    to: {},
  },
  {
    name: 'main-is-the-top',
    comment: 'Move it to a room of its own: main composes everything, so who imports it imports everything.',
    from: production('^'),
    to: { path: '^(src|operator)/main\\.ts$' },
  },
  {
    name: 'tests-are-not-imported',
    comment: 'Move it out of the test: production code must not depend on what exists for tests.',
    from: production('^'),
    to: { path: [TESTS, FOR_TESTS] },
  },
  {
    name: 'no-development-packages-in-production',
    comment: 'Move the package to "dependencies": an image holds nothing else.',
    from: production('^(src|operator)/'),
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  ...Object.entries(PACKAGE_DOORS).map(([name, door]) => ({
    name: `one-door-for-${name}`,
    comment: `Use the room that wraps ${name}: its pitfalls are dealt with there, once.`,
    from: production('^', [door]),
    to: { path: `(^|/)node_modules/${name}/`, dependencyTypesNot: ['type-only'] },
  })),
]

/** contract ← ports ← modules ← rpc ← http, workers ← main */
const server = [
  {
    name: 'contract-is-a-leaf',
    comment:
      'Pass it in, or move it out: the contract is zod and pure functions, which browser, server and operator share.',
    from: production('^src/contract/'),
    to: { pathNot: '^src/contract/|(^|/)node_modules/zod/' },
  },
  {
    name: 'errors-and-config-are-leaves',
    comment: 'Move it up: every room imports these two, so they may import the contract only.',
    from: { path: '^src/(errors|config|config-variables)\\.ts$' },
    to: { path: '^src/', pathNot: '^src/((contract|errors)/|config-variables\\.ts$)' },
  },
  {
    name: 'ports-know-no-modules',
    comment: 'Let the module call the port: a port knows one outside thing and not what it is used for.',
    from: production('^src/ports/'),
    to: { path: '^src/(modules|rpc|http|workers|sdk)/' },
  },
  {
    name: 'modules-know-no-transport',
    comment: 'Return a value or throw an AppError: a use-case serves procedures, REST and workers alike.',
    from: production('^src/modules/', ['/router\\.ts$']),
    to: { path: '^src/(rpc|http|workers|sdk)/' },
  },
  {
    name: 'routers-know-only-procedures',
    comment: 'Import rpc/procedures.ts only: a router names permission, schema and use-case.',
    from: production('^src/modules/[^/]+/router\\.ts$'),
    to: { path: '^src/(rpc|http|workers|sdk)/', pathNot: '^src/rpc/procedures\\.ts$' },
  },
  {
    name: 'rooms-keep-their-drawers',
    comment: 'Call a use-case of that module: its store and its router are its own.',
    from: production('^src/modules/([^/]+)/'),
    to: { path: '^src/modules/[^/]+/(store|router)(\\.ts$|/)', pathNot: '^src/modules/$1/' },
  },
  {
    name: 'rpc-knows-no-http',
    comment: 'Put it into the context: a procedure does not know by which transport it is called.',
    from: production('^src/rpc/'),
    to: { path: '^src/(http|workers)/' },
  },
  {
    name: 'http-and-workers-are-neighbours',
    comment: 'Move it to a module: the web server and the loops run apart from each other.',
    from: production('^src/(http|workers)/'),
    to: { path: '^src/(http|workers)/', pathNot: '^src/$1/' },
  },
  {
    name: 'workers-call-no-procedures',
    comment: 'Call the use-case: a loop is no caller with a session.',
    from: production('^src/workers/'),
    to: { path: '^src/rpc/' },
  },
  {
    name: 'schema-files-are-portable',
    comment: 'Keep to zod and the contract: browser and SDK load the schema files.',
    from: production(SCHEMAS),
    to: { pathNot: `^src/contract/|${SCHEMAS}|(^|/)node_modules/zod/` },
  },
  {
    name: 'only-stores-touch-the-database',
    comment:
      "Add a function to the module's store.ts: scope and permission are narrowed there, once a table.",
    from: production('^src/', ['^src/ports/', '^src/main\\.ts$', '^src/modules/[^/]+/store(\\.ts$|/)']),
    to: { path: '^(src/ports/db|prisma)/' },
  },
  {
    name: 'kubernetes-has-two-users',
    comment: 'Go through ports/kube or operator/runtime: they know how to reconnect and what may be forced.',
    from: production('^', ['^src/(kubernetes|ports/kube)/', '^src/main\\.ts$', '^operator/runtime/']),
    to: { path: '^src/kubernetes/' },
  },
  {
    name: 'kubernetes-is-a-leaf',
    comment: 'Pass it in: the operator uses these clients too and must see nothing of the server.',
    from: production('^src/kubernetes/'),
    to: { path: '^src/', pathNot: '^src/(kubernetes|contract)/' },
  },
]

const operator = [
  {
    name: 'operator-sees-contract-and-kubernetes',
    comment: 'Put it on the custom resource: the operator sees no database, no secret value, no server.',
    from: production('^operator/'),
    to: { path: '^(src|prisma)/', pathNot: '^src/(contract|kubernetes)/' },
  },
  {
    name: 'operator-runtime-knows-no-kind',
    comment: 'Pass it in: the runtime is the same for every kind.',
    from: production('^operator/runtime/'),
    to: { path: '^(operator|src)/', pathNot: '^(operator/runtime|src/kubernetes)/' },
  },
  {
    name: 'deciding-is-pure',
    comment: 'Pass in what was observed: a decision that reads no cluster can be tested by properties.',
    from: production(DECIDING),
    to: {
      path: '^operator/runtime/|^src/kubernetes/|/(observe|reconcile|controller)\\.ts$',
      pathNot: '^operator/runtime/(result|conditions)\\.ts$',
    },
  },
  {
    name: 'deciding-needs-no-node',
    comment: 'Pass in what was read: a decision goes from values to values.',
    from: production(DECIDING),
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'operator-has-one-door',
    comment: 'Use operator/*/render.ts, or the custom resource: nothing else of the operator is for others.',
    from: production('^', ['^operator/', '^deploy/dev/gen\\.ts$']),
    to: { path: '^operator/', pathNot: '^operator/[^/]+/render\\.ts$' },
  },
  {
    name: 'render-is-for-planning',
    comment: 'Ask by a custom resource: only the modules show what would be made, before it is made.',
    from: production('^', ['^operator/', '^src/modules/']),
    to: { path: '^operator/[^/]+/render\\.ts$' },
  },
]

const browser = [
  {
    name: 'nobody-imports-web',
    comment: 'Move it to the contract: nothing but the browser loads web/.',
    from: production('^', ['^web/']),
    to: { path: '^web/' },
  },
  {
    name: 'web-sees-contract-schemas-and-router-type',
    comment:
      'Ask the server by a procedure: the browser sees the contract, schema.ts files and the router type.',
    from: production('^web/'),
    to: { path: '^(src|prisma)/', pathNot: ['^src/contract/', SCHEMAS, ROUTER_TYPE] },
  },
  {
    name: 'sdk-sees-contract-schemas-and-router-type',
    comment: 'Type it from the router: what the SDK imports is published with it.',
    from: production('^src/sdk/'),
    to: { path: '^(src|prisma)/', pathNot: ['^src/(sdk|contract)/', SCHEMAS, ROUTER_TYPE] },
  },
  {
    name: 'app-router-crosses-as-type-only',
    comment: 'Write `import type`: the router itself would pull the whole server into the browser.',
    from: { path: '^(web|src/sdk)/' },
    to: { path: ROUTER_TYPE, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'web-runs-in-a-browser',
    comment: 'Use what browsers have: Node is not there.',
    from: production('^web/'),
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'ui-is-app-blind',
    comment: 'Pass it as a property: ui/ knows neither router nor API, so that every page can use it.',
    from: production('^web/ui/'),
    to: { path: '^(web|src)/', pathNot: '^web/(ui|lib)/' },
  },
]

const tools = [
  {
    name: 'nobody-imports-deploy',
    comment: 'Move it to the room that needs it: the product runs where deploy/ does not exist.',
    from: { path: '^(src|operator|web|prisma)/', pathNot: TESTS },
    to: { path: '^deploy/' },
  },
  {
    name: 'deploy-sees-the-contract',
    comment:
      'Start it as a process, or move it to the contract: the tools run the product, they are no part of it.',
    from: production('^deploy/', ['^deploy/dev/gen\\.ts$']),
    to: { path: '^(src|prisma)/', pathNot: '^src/contract/' },
  },
  {
    name: 'stack-knows-no-tools',
    comment: 'Turn it round: deploy/dev uses the stack of deploy/local.',
    from: production('^deploy/local/'),
    to: { path: '^deploy/dev/' },
  },
]

module.exports = {
  forbidden: [...everywhere, ...server, ...operator, ...browser, ...tools].map((rule) => ({
    severity: 'error',
    ...rule,
  })),
  options: {
    // Type-only imports count too. TypeScript 6 reads them: see deploy/dev/check/typescript-6.ts.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^deploy/local/tools/|^prisma/dist/' },
  },
}
