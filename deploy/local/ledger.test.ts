import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLedger } from './ledger.ts'

it('remembers processes and names over a restart, passes over a half-written record, and forgets all at once', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'shipyard-ledger-')), 'ledger')
  const first = openLedger(folder)
  first.recordProcess('etcd', { pid: 7, startTicks: '99' })
  first.recordProcess('traefik', { pid: 8, startTicks: '100' })
  first.forgetProcess('traefik')
  first.recordName('link', 'shipyard3')
  writeFileSync(join(folder, 'processes/kubelet'), '{"pid":12')
  const second = openLedger(folder)
  expect([...second.processes()]).toEqual([['etcd', { pid: 7, startTicks: '99' }]])
  expect(second.names('link')).toEqual(['shipyard3'])
  expect(second.names('cgroup')).toEqual([])
  second.clear()
  expect(openLedger(folder).processes().size).toBe(0)
  rmSync(join(folder, '..'), { recursive: true })
})
