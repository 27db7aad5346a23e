import { createRequire } from 'node:module'
import { expect, it } from 'vitest'

import { runNode } from '../child.ts'
import { root } from '../root.ts'
import { tempTree } from '../testing/temp-tree.ts'
import { wallsArguments } from './walls.ts'

interface Violation {
  rule: string
  from: string
}

/** Every way of importing that the house allows, once. */
const CLEAN: Record<string, string[]> = {
  'src/main.ts': [
    './http/server.ts',
    './workers/push.ts',
    './ports/db/client.ts',
    './ports/sessions/lucia.ts',
  ],
  'src/config.ts': ['./contract/ids.ts'],
  'src/errors.ts': ['./contract/ids.ts'],
  'src/contract/ids.ts': ['zod'],
  'src/kubernetes/transport.ts': ['../contract/ids.ts', '@kubernetes/client-node'],
  'src/ports/kube/kube.ts': ['../../kubernetes/transport.ts'],
  'src/ports/db/client.ts': ['../../contract/ids.ts', '../../../prisma/sql/claim.ts'],
  'src/ports/types.ts': ['type ./db/client.ts'],
  'src/ports/sessions/lucia.ts': ['lucia'],
  'src/modules/teams/schema.ts': ['zod', '../../contract/ids.ts'],
  'src/modules/teams/store.ts': ['../../ports/db/client.ts'],
  'src/modules/teams/create-team.ts': [
    './store.ts',
    '../../errors.ts',
    'type ../../ports/types.ts',
    'node:crypto',
  ],
  'src/modules/teams/router.ts': ['./schema.ts', './create-team.ts', '../../rpc/procedures.ts'],
  'src/modules/orgs/schema.ts': ['../teams/schema.ts'],
  'src/modules/orgs/create-org.ts': ['./schema.ts', '../teams/create-team.ts'],
  'src/modules/deployments/plan.ts': ['../../../operator/user-deployment/render.ts'],
  'src/rpc/procedures.ts': ['../errors.ts'],
  'src/rpc/app-router.ts': ['../modules/teams/router.ts'],
  'src/http/server.ts': ['../rpc/app-router.ts', '../ports/kube/kube.ts', '../modules/deployments/plan.ts'],
  'src/workers/push.ts': ['../modules/orgs/create-org.ts'],
  'src/sdk/client.ts': ['type ../rpc/app-router.ts', '../modules/teams/schema.ts'],
  'src/sdk/client.test.ts': ['./client.ts', '../main.ts', '../testing/fakes.ts', 'fast-check'],
  'src/testing/fakes.ts': ['../ports/kube/kube.ts', 'fast-check'],
  'prisma/sql/claim.ts': ['@prisma/client'],
  'operator/main.ts': ['./user-deployment/controller.ts'],
  'operator/runtime/queue.ts': ['../../src/kubernetes/transport.ts', './result.ts'],
  'operator/runtime/result.ts': [],
  'operator/user-deployment/controller.ts': ['../runtime/queue.ts', './reconcile.ts'],
  'operator/user-deployment/reconcile.ts': ['./render.ts', './checks.ts'],
  'operator/user-deployment/checks.ts': ['../runtime/result.ts', '../../src/contract/ids.ts'],
  'operator/user-deployment/render.ts': ['./desired/service.ts'],
  'operator/user-deployment/desired/service.ts': ['type @kubernetes/client-node'],
  'web/main.tsx': ['./pages/list.tsx', './forms/team.tsx'],
  'web/pages/list.tsx': ['../ui/button.tsx', 'type ../../src/rpc/app-router.ts', '../../src/contract/ids.ts'],
  'web/forms/team.tsx': ['../../src/modules/teams/schema.ts'],
  'web/ui/button.tsx': ['../lib/format.ts'],
  'web/lib/format.ts': [],
  'e2e/stack/cluster.ts': ['../../deploy/local/main.ts', '../../src/main.ts'],
  'deploy/dev/start.ts': ['../local/main.ts'],
  'deploy/dev/gen.ts': ['../../operator/manifests/generate.ts', '../../src/errors.ts'],
  'operator/manifests/generate.ts': ['../../src/contract/ids.ts'],
  'deploy/local/main.ts': ['../../src/contract/ids.ts', 'node:fs', '@kubernetes/client-node'],
}

/** One breach of each rule: rule → file, and what the file imports. */
const BREACHES: Record<string, [file: string, imports: string[]]> = {
  'no-cycles': ['src/http/circle.ts', ['./circle.ts']],
  'no-orphans': ['src/http/lonely.ts', []],
  'main-is-the-top': ['deploy/local/composes.ts', ['../../operator/main.ts']],
  'tests-are-not-imported': ['src/http/uses-fakes.ts', ['../testing/fakes.ts']],
  'no-development-packages-in-production': ['src/http/uses-dev.ts', ['fast-check']],
  'one-door-for-lucia': ['src/http/uses-lucia.ts', ['lucia']],
  'one-door-for-arctic': ['src/http/uses-arctic.ts', ['arctic']],
  'one-door-for-node-vault': ['src/workers/uses-vault.ts', ['node-vault']],
  'one-door-for-stripe': ['src/modules/billing/pay.ts', ['stripe']],
  'one-door-for-@prisma/client': ['src/modules/teams/rows.ts', ['@prisma/client']],
  'one-door-for-@kubernetes/client-node': ['src/ports/kube/raw.ts', ['@kubernetes/client-node']],
  'contract-is-a-leaf': ['src/contract/random.ts', ['node:crypto']],
  'errors-and-config-are-leaves': ['src/errors.ts', ['./ports/kube/kube.ts']],
  'ports-know-no-modules': ['src/ports/kube/knows.ts', ['../../modules/orgs/create-org.ts']],
  'modules-know-no-transport': ['src/modules/orgs/answers.ts', ['../../http/server.ts']],
  'routers-know-only-procedures': ['src/modules/orgs/router.ts', ['../../rpc/app-router.ts']],
  'rooms-keep-their-drawers': ['src/modules/orgs/peeks.ts', ['../teams/store.ts']],
  'rpc-knows-no-http': ['src/rpc/cookies.ts', ['../http/server.ts']],
  'http-and-workers-are-neighbours': ['src/http/pokes.ts', ['../workers/push.ts']],
  'workers-call-no-procedures': ['src/workers/calls.ts', ['../rpc/app-router.ts']],
  'schema-files-are-portable': ['src/modules/deployments/schema.ts', ['../../errors.ts']],
  'only-stores-touch-the-database': ['src/modules/orgs/queries.ts', ['../../ports/db/client.ts']],
  'kubernetes-has-two-users': ['src/modules/orgs/applies.ts', ['../../kubernetes/transport.ts']],
  'kubernetes-is-a-leaf': ['src/kubernetes/configured.ts', ['../config.ts']],
  'operator-sees-contract-and-kubernetes': ['operator/agent-task/reads.ts', ['../../src/errors.ts']],
  'operator-runtime-knows-no-kind': ['operator/runtime/knows.ts', ['../user-deployment/checks.ts']],
  'deciding-is-pure': ['operator/user-deployment/plan.ts', ['../runtime/queue.ts']],
  'deciding-needs-no-node': ['operator/user-deployment/desired/file.ts', ['node:fs']],
  'operator-has-one-door': [
    'src/modules/deployments/peeks.ts',
    ['../../../operator/user-deployment/checks.ts'],
  ],
  'render-is-for-planning': ['src/workers/renders.ts', ['../../operator/user-deployment/render.ts']],
  'nobody-imports-web': ['src/http/page.ts', ['../../web/lib/format.ts']],
  'web-sees-contract-schemas-and-router-type': ['web/pages/secret.tsx', ['../../src/errors.ts']],
  'sdk-sees-contract-schemas-and-router-type': ['src/sdk/errors.ts', ['../errors.ts']],
  'app-router-crosses-as-type-only': ['web/pages/router.tsx', ['../../src/rpc/app-router.ts']],
  'web-runs-in-a-browser': ['web/lib/file.ts', ['node:fs']],
  'ui-is-app-blind': ['web/ui/knows.tsx', ['../pages/list.tsx']],
  'nobody-imports-deploy': ['src/testing/stack.ts', ['../../deploy/local/main.ts']],
  'deploy-sees-the-contract': ['deploy/dev/knows.ts', ['../../src/errors.ts']],
  'stack-knows-no-tools': ['deploy/local/starts.ts', ['../dev/start.ts']],
}

const PACKAGES = [
  'zod',
  'lucia',
  'arctic',
  'node-vault',
  'stripe',
  '@prisma/client',
  '@kubernetes/client-node',
]

function treeOf(modules: Record<string, string[]>): string {
  const files: Record<string, string> = {
    'package.json': JSON.stringify({
      type: 'module',
      dependencies: Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0'])),
      devDependencies: { 'fast-check': '1.0.0' },
    }),
  }
  for (const name of [...PACKAGES, 'fast-check']) {
    files[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'index.js' })
    files[`node_modules/${name}/index.js`] = 'exports.x = 1'
  }
  for (const [path, imports] of Object.entries(modules)) {
    const lines = imports.map((specifier, index) =>
      specifier.startsWith('type ')
        ? `import type { x as x${index} } from '${specifier.slice('type '.length)}'`
        : `import { x as x${index} } from '${specifier}'`,
    )
    files[path] = [...lines, 'export const x = 1'].join('\n')
  }
  return tempTree(files)
}

async function violationsIn(modules: Record<string, string[]>): Promise<Violation[]> {
  const folder = treeOf(modules)
  const result = await runNode(wallsArguments(folder, 'json'), { cwd: folder, timeoutMs: 15_000 })
  const report = JSON.parse(result.output) as {
    summary: { violations: { rule: { name: string }; from: string }[] }
  }
  return report.summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }))
}

it('lets every import pass that the house allows', async () => {
  expect(await violationsIn(CLEAN)).toEqual([])
})

it('catches a breach of each wall', async () => {
  const planted = Object.fromEntries(Object.values(BREACHES))
  const found = await violationsIn({ ...CLEAN, ...planted })
  const missed = Object.entries(BREACHES).filter(
    ([rule, [file]]) => !found.some((violation) => violation.rule === rule && violation.from === file),
  )
  expect(missed).toEqual([])
})

it('has a planted breach for every rule there is', () => {
  const { forbidden } = createRequire(import.meta.url)(`${root}/.dependency-cruiser.cjs`) as {
    forbidden: { name: string }[]
  }
  expect(Object.keys(BREACHES).toSorted()).toEqual(forbidden.map((rule) => rule.name).toSorted())
})
