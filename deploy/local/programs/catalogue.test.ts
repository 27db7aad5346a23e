import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { catalogue, programNames } from './catalogue.ts'
import type { Program, Source } from './program.ts'
import { programSettings, settingOf } from './settings.ts'

const localDir = join(import.meta.dirname, '..')
const entries: [string, Program][] = programNames.map((name) => [name, catalogue[name]])
const sources = entries.flatMap(([name, program]) =>
  program.sources.map((source): [string, Program, Source] => [name, program, source]),
)
/** Modules whose version numbers are not those of the program in them. */
const numberedOtherwise = new Set(['calico', 'calico-felix', 'calico-crds'])

it('is in the order in which builds are to be done', () => {
  expect(Object.keys(catalogue)).toEqual([...programNames])
})

it('can make every program without an official release', () => {
  const own = entries.filter(
    ([, program]) => !program.partOf && program.sources.every(({ kind }) => kind === 'release'),
  )
  expect(own.map(([name]) => name)).toEqual([])
})

it('builds from modules of the version that it promises, with sums that are checked in', async () => {
  for (const [name, { version }, source] of sources) {
    if (source.kind !== 'go-build' && source.kind !== 'go-files') continue
    if (typeof version !== 'string') continue
    const folder = join(localDir, source.module)
    const goMod = await readFile(join(folder, 'go.mod'), 'utf8')
    const promised = numberedOtherwise.has(name) ? '' : ` v${version}`
    expect((await stat(join(folder, 'go.sum'))).size, `${name}'s go.sum`).toBeLessThan(1_000_000)
    expect(goMod, name).toContain(promised)
  }
})

it('asks releases only by TLS, and only with a sum to hold them against', () => {
  for (const [name, , source] of sources) {
    if (source.kind !== 'release') continue
    expect(new URL(source.url).protocol, name).toBe('https:')
    expect(source.checksumUrl ?? source.sha256, name).toBeDefined()
    const filled = `${source.url}${source.checksumUrl}`.replaceAll(/\{(version|arch|machine)\}/g, '')
    expect(filled, name).not.toMatch(/[{}]/)
  }
})

it('reads the settings that name programs, and where the cache is', () => {
  expect(settingOf('containerd-shim-runc-v2')).toBe('SHIPYARD_PROGRAM_CONTAINERD_SHIM_RUNC_V2')
  const env = {
    HOME: '/h',
    PATH: '/bin',
    SHIPYARD_PROGRAM_KUBE_APISERVER: '/opt/kube-apiserver',
    SHIPYARD_PROGRAM_ETCD: '',
  }
  expect(programSettings(env)).toMatchObject({
    overrides: { 'kube-apiserver': '/opt/kube-apiserver' },
    cacheDir: '/h/.cache/shipyard',
    path: expect.stringMatching(/^\/bin:/),
  })
  expect(programSettings({ ...env, XDG_CACHE_HOME: '/x' }).cacheDir).toBe('/x/shipyard')
  expect(Object.keys(programSettings(env).overrides)).toEqual(['kube-apiserver'])
})
