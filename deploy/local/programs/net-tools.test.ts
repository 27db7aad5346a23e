import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { aProgram, storeOf } from './testing/store-in.ts'

const machine = { 'net-tools': aProgram('', { file: null, sources: [{ kind: 'machine-tools' }] }) }
const say = 'echo "$0" "$@"'

it("puts the machine's own tools behind the names that the node's programs call", async () => {
  const commands = () => ({ 'xtables-nft-multi': say, ipset: say, conntrack: say })
  const { store } = await storeOf(machine, { commands })
  const folder = await store.get('net-tools')
  const ask = async (name: string) =>
    (await promisify(execFile)(join(folder, name), ['-L', "it's one word"])).stdout
  expect(await ask('iptables-restore')).toMatch(/xtables-nft-multi iptables-restore -L it's one word\n$/)
  expect(await ask('ip6tables-nft-save')).toMatch(/xtables-nft-multi ip6tables-save -L /)
  expect(await ask('ipset')).toMatch(/\/ipset -L /)
})
