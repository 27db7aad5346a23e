import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLedger } from '../ledger.ts'
import { portsOfSlot, siteOf, type Site } from '../site.ts'

/** A site in a folder of its own that runs nothing and is nobody's; `using` removes the folder. */
export function testSite(slot = 0): Site & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'shipyard-site-'))
  for (const part of ['logs', 'config', 'data']) mkdirSync(join(folder, part))
  const machine = { isRoot: false, canRunNode: false, whyNoNode: 'it is a test', cgroupMounts: [] }
  return {
    ...siteOf({
      folder,
      slot,
      machine,
      ports: portsOfSlot(slot),
      existing: {},
      ledger: openLedger(join(folder, 'ledger')),
    }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
