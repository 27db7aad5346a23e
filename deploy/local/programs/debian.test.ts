import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, it } from 'vitest'

import { machineType } from './machine-type.ts'
import { fakeApt, fakeDpkg, linesOf } from './testing/fake-commands.ts'
import { aProgram, storeOf } from './testing/store-in.ts'
import { filesBelow } from './testing/temp-folder.ts'

const triplet = machineType()?.triplet ?? ''
const busybox = aProgram('busybox', {
  sources: [{ kind: 'debian', packages: ['busybox-static'], deliver: { file: 'busybox' } }],
})
const tools = aProgram('', {
  file: null,
  alongside: ['iptables'],
  sources: [{ kind: 'debian', packages: ['iptables', 'libc6'], deliver: 'net-tools' }],
})

it('takes one file out of a package, by the lists of the machine', async () => {
  const commands = (log: string) => ({ ...fakeApt(log), ...fakeDpkg('usr/bin/busybox') })
  const { store, cacheDir, log } = await storeOf({ busybox }, { commands })
  expect(await readFile(await store.get('busybox'), 'utf8')).toContain('usr/bin/busybox')
  expect(await linesOf(log)).toEqual([expect.stringMatching(/^-qq .*download busybox-static$/)])
  expect(await filesBelow(cacheDir)).toEqual(['programs/busybox-1.2.3/busybox'])
})

it('fetches lists of its own, beside those of the machine, where those are missing or too old', async () => {
  const commands = (log: string) => ({
    ...fakeApt(log, `case "$*" in *" update") touch "$HOME/lists";; esac; [ -e "$HOME/lists" ] || exit 100`),
    ...fakeDpkg('bin/busybox'),
  })
  const { store, cacheDir, log } = await storeOf({ busybox }, { commands })
  await store.get('busybox')
  const own = new RegExp(
    `-o Dir::State=${cacheDir}/apt/state .*-o Dir::Cache=${cacheDir}/apt/cache (download busybox-static|update)$`,
  )
  expect(await linesOf(log)).toEqual([
    expect.not.stringContaining('Dir::State'),
    expect.stringMatching(own),
    expect.stringMatching(own),
    expect.stringMatching(own),
  ])
})

it.skipIf(triplet === '')(
  'runs the unpacked tools by their own loader, with their own libraries and extensions',
  async () => {
    const loader = `usr/lib/${triplet}/ld-linux-x86-64.so.2`
    const commands = (log: string) => ({
      ...fakeApt(log),
      ...fakeDpkg(loader, 'usr/sbin/xtables-nft-multi', 'usr/sbin/ipset', 'usr/sbin/conntrack'),
    })
    const { store } = await storeOf({ tools }, { commands })
    const folder = await store.get('tools')
    expect(await readdir(folder)).toEqual(
      expect.arrayContaining(['iptables', 'iptables-nft-save', 'ip6tables-restore', 'ipset', 'conntrack']),
    )
    const { stdout } = await promisify(execFile)(join(folder, 'iptables-nft-save'), ['-t', 'nat'])
    const root = `${folder}/root`
    expect(stdout.trim().split('\n')).toEqual([
      `${root}/${loader} --library-path ${root}/usr/lib/${triplet} ${root}/usr/sbin/xtables-nft-multi iptables-save -t nat`,
      `${root}/usr/lib/${triplet}/xtables`,
    ])
  },
)

it('passes over mirrors that cannot be reached without asking apt', async () => {
  const commands = (log: string) => ({
    ...fakeApt(log, '', 'http://127.0.0.1:9/debian'),
    ...fakeDpkg('bin/busybox'),
  })
  const { store, log } = await storeOf({ busybox }, { commands })
  await expect(store.get('busybox')).rejects.toThrow(
    /^Connect this machine .* because no Debian mirror can be reached\.$/,
  )
  expect(await readFile(log, 'utf8')).toBe('')
})

it('says what is missing where there is no apt', async () => {
  const { store } = await storeOf({ busybox }, { path: '' })
  await expect(store.get('busybox')).rejects.toThrow(/^Install apt and dpkg and run this again/)
})
