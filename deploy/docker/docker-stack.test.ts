/** What docker-compose.yml, its config files and the local stack say twice, and must say alike. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { policies } from '../local/components/openbao-setup.ts'

const here = import.meta.dirname
const read = (path: string): string => readFileSync(join(here, path), 'utf8')
const list = (folder: string): string[] => readdirSync(join(here, folder)).map((name) => join(folder, name))

interface Compose {
  services: Record<string, { ports?: string[]; networks?: { stack?: { ipv4_address?: string } } }>
}
const compose = parse(read('../../docker-compose.yml'), { merge: true }) as Compose
const published = Object.values(compose.services).flatMap(({ ports }) =>
  (ports ?? []).map((port) => port.split(':')[1]),
)

it('gives every identity the rights that it has on the local stack', () => {
  const files = list('openbao/policies').map((path): [string, unknown] => [
    path.replace(/^.*\/|\.json$/g, ''),
    JSON.parse(read(path)),
  ])
  const local = Object.entries(policies).map(([name, rules]) => [
    name,
    {
      path: Object.fromEntries(Object.entries(rules).map(([path, capabilities]) => [path, { capabilities }])),
    },
  ])
  expect(Object.fromEntries(files)).toEqual(Object.fromEntries(local))
})

it('leads External Secrets to the address that OpenBao has', () => {
  const openbao = compose.services['openbao']?.networks?.stack?.ipv4_address
  expect(openbao).toMatch(/^10\./)
  expect(read('openbao/config.hcl')).toContain(`"http://${openbao}:8200"`)
  expect(read('kubernetes/10-external-secrets.yaml')).toContain(`addresses: [${openbao}]`)
})

it('tells the server of no port that is not published', () => {
  const told = [...read('scripts/cluster.sh').matchAll(/(?:127\.0\.0\.1:|_PORT=)(\d+)/g)].map(
    (match) => match[1],
  )
  const outward = told.filter((port) => port !== '6443') // the API server's port inside the container
  expect(outward.length).toBeGreaterThan(6)
  expect(published).toEqual(expect.arrayContaining(outward))
})

it('publishes no port twice', () => {
  expect(new Set(published).size).toBe(published.length)
})

it.each(list('kubernetes'))('%s holds whole objects, with images pinned by version', (path) => {
  const documents = parseAllDocuments(read(path))
  expect(documents.flatMap((document) => document.errors)).toEqual([])
  for (const document of documents) {
    expect(document.toJS()).toMatchObject({
      apiVersion: expect.any(String),
      kind: expect.any(String),
      metadata: { name: expect.any(String) },
    })
  }
  const images = [...read(path).matchAll(/^\s*image: (.*)$/gm)].map(([, image]) => image)
  expect(images.filter((image) => !/:v?\d+\.\d+\.\d+$/.test(image ?? ''))).toEqual([])
})

it('runs a Traefik without the collision between the routes of two tenants', () => {
  const [, patch] = /image: traefik:v3\.7\.(\d+)/.exec(read('kubernetes/20-traefik.yaml')) ?? []
  expect(Number(patch)).toBeGreaterThanOrEqual(13)
})

it.each(list('scripts'))('%s is sound shell', (path) => {
  const parsed = spawnSync('sh', ['-n', join(here, path)], { encoding: 'utf8', timeout: 10_000 })
  expect(parsed).toMatchObject({ status: 0, stderr: '' })
})
