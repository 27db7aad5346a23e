import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, it } from 'vitest'

import { goEnvironment, GoTool, isNewEnough } from './go-tool.ts'
import { Reach } from './reach.ts'
import { programSettings } from './settings.ts'
import { createStore } from './store.ts'
import { aProgram, buildOf, storeOf } from './testing/store-in.ts'
import { tempFolder } from './testing/temp-folder.ts'

const { env, path } = programSettings()
const go = await new GoTool({ env, path, reach: new Reach(env, 1000) }).find().catch(() => null)

it.skipIf(go === null)(
  'builds a module with the real Go, stamps it, and links it for any machine',
  { timeout: 120_000 },
  async () => {
    const localDir = await tempFolder()
    await mkdir(join(localDir, 'module'))
    await writeFile(join(localDir, 'module', 'go.mod'), 'module tiny\n\ngo 1.25\n')
    await writeFile(
      join(localDir, 'module', 'main.go'),
      'package main\n\nvar stamp = "none"\n\nfunc main() { println(stamp) }\n',
    )
    const source = { ...buildOf('tiny'), packages: { tiny: '.' }, stamps: { 'main.stamp': 'v1.2.3' } }
    const phases = new Set<string>()
    const store = createStore(
      { tiny: aProgram('tiny', { sources: [source] }) },
      { cacheDir: join(localDir, 'cache'), localDir, onEvent: (event) => phases.add(event.phase) },
    )
    const { stderr } = await promisify(execFile)(await store.get('tiny'))
    expect(stderr).toBe('v1.2.3\n')
    expect([...phases]).toEqual(['checking', 'waiting', 'building', 'ready'])
  },
)

it.for([
  { version: 'go1.26.6', isNew: true },
  { version: 'go1.26.10', isNew: true },
  { version: 'go1.27', isNew: true },
  { version: 'go2.0.1', isNew: true },
  { version: 'go1.26.5', isNew: false },
  { version: 'go1.26', isNew: false },
  { version: 'go1.9.9', isNew: false },
  { version: '', isNew: false },
  { version: 'devel', isNew: false },
])('knows whether $version is new enough', ({ version, isNew }) => {
  expect(isNewEnough(version)).toBe(isNew)
})

it('never builds with the checksum database switched off, nor with the flags of the user', () => {
  const strange = {
    PATH: '/bin',
    GOSUMDB: 'off',
    GONOSUMDB: '*',
    GOINSECURE: '*',
    GOFLAGS: '-mod=mod',
    GOWORK: '/w',
  }
  expect(goEnvironment(strange)).toEqual({
    PATH: '/bin',
    GOFLAGS: '-buildvcs=false',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    CGO_ENABLED: '0',
  })
})

it('fails at once, and says that the network is missing, where modules can neither be found nor downloaded', async () => {
  const proxy = 'http://192.0.2.1:81,direct'
  const goOffline = `if [ "$1" = env ]; then echo go1.99.0; echo ${proxy}; exit 0; fi
echo "main.go:1: module lookup disabled by GOPROXY=$GOPROXY" >&2; exit 1`
  const { store } = await storeOf(
    { tiny: aProgram('tiny', { sources: [buildOf('tiny')] }) },
    { commands: () => ({ go: goOffline }) },
  )
  await expect(store.get('tiny')).rejects.toThrow(
    /^Connect this machine to the internet and run this again, .* because its Go modules cannot be downloaded\.$/,
  )
})
