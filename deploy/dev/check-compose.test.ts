import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { checkCompose, composeProblems, missingBinds } from './check-compose.ts'

/** A file without a fault; a breach is planted by changing its service. */
function compose(service: object = {}, more: object = {}): string {
  const database = {
    image: 'postgres:18.4-bookworm',
    restart: 'unless-stopped',
    ports: ['127.0.0.1:15432:5432'],
    volumes: ['data:/var/lib/postgresql'],
    mem_limit: '1g',
    healthcheck: { test: ['CMD', 'pg_isready'] },
    ...service,
  }
  const setup = { image: 'team/setup:1.2.3', restart: 'no', mem_limit: '64m' }
  return stringify({ name: 'test', services: { database, setup }, volumes: { data: null }, ...more })
}

it("finds nothing wrong with the repository's own file", async () => {
  expect(await checkCompose()).toEqual([])
})

it('finds nothing wrong with a sound file', async () => {
  expect(await composeProblems(compose())).toEqual([])
})

it.each<[string, object, string]>([
  ['a tag that moves', { image: 'redis:latest' }, 'must be pinned by a whole version'],
  ['no tag', { image: 'redis' }, 'must be pinned'],
  ['half a version', { image: 'redis:8.8-alpine' }, 'must be pinned'],
  ['a registry with a port and no tag', { image: 'host:5000/redis' }, 'must be pinned'],
  ['a major version of PostgreSQL', { image: 'postgres:18' }, 'must be pinned'],
  ['a port on every address', { ports: ['15432:5432'] }, 'must be published on 127.0.0.1'],
  ['a port on another address', { ports: ['0.0.0.0:15432:5432'] }, 'must be published on 127.0.0.1'],
  ['a port without a number on the host', { ports: ['127.0.0.1::5432'] }, 'must be published on'],
  ['a long-form port on every address', { ports: [{ target: 5432, published: '1' }] }, 'on 127.0.0.1'],
  ['no restart policy', { restart: undefined }, 'restart must be'],
  ['no health check', { healthcheck: undefined }, 'needs a healthcheck'],
  [
    'a health check switched off',
    { healthcheck: { disable: true, test: ['CMD', 'x'] } },
    'needs a healthcheck',
  ],
  ['a health check of nothing', { healthcheck: { test: ['NONE'] } }, 'needs a healthcheck'],
  ['no memory limit', { mem_limit: undefined }, 'mem_limit must say'],
  ['a privileged service', { privileged: true }, 'must not be privileged'],
  ["the host's network", { network_mode: 'host' }, 'must not share the network'],
  ['an anonymous volume', { volumes: ['data:/a', '/var/lib/postgresql'] }, 'has no name'],
  ['a volume that is not declared', { volumes: ['data:/a', 'other:/b'] }, '"other" is not declared'],
  ['a declared volume that nobody mounts', { volumes: [] }, '"data" is declared but no service'],
  ['a folder of the host', { volumes: ['data:/a', '/var/run/docker.sock:/s:ro'] }, 'must not be mounted'],
  [
    'a way out of the folder',
    { volumes: ['data:/a', './deploy/docker/../../.git:/b:ro'] },
    'must not be mounted',
  ],
  ['a writable file of the host', { volumes: ['data:/a', './deploy/docker/x:/b'] }, 'mounted read-only'],
  [
    'a dependency that is not there',
    { depends_on: { cache: { condition: 'service_healthy' } } },
    'not there',
  ],
  ['a dependency that waits for nothing', { depends_on: ['setup'] }, 'by service_completed_successfully'],
])('catches %s', async (_, breach, sentence) => {
  const problems = await composeProblems(compose(breach))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(sentence)
})

it.each([
  ['an unknown key', compose({ memory: '1g' }), '"additionalProperty":"memory"'],
  ['a wrong type', compose({ ports: '5432' }), '/services/database/ports must be array'],
  [
    'an unknown condition',
    compose({ depends_on: { setup: { condition: 'ready' } } }),
    'must be equal to one of',
  ],
])('catches what the specification refuses: %s', async (_, text, sentence) => {
  expect((await composeProblems(text)).join('\n')).toContain(sentence)
})

it('says when the file is not YAML', async () => {
  expect((await composeProblems('services: [')).join('\n')).toContain('it is not YAML')
})

it('catches a mounted file that is not in the repository', async () => {
  const text = compose({
    volumes: ['./deploy/docker/scripts/keys.sh:/a:ro', './deploy/docker/nowhere.sh:/b:ro'],
  })
  expect(await missingBinds(text)).toEqual([
    './deploy/docker/nowhere.sh is mounted but is not in the repository',
  ])
})
