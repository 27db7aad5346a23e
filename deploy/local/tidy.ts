import { join, resolve } from 'node:path'
import { readOwner, releaseFolder } from './folder.ts'
import { openLedger } from './ledger.ts'
import { inspectMachine, type Machine } from './machine.ts'
import { allComponents } from './parts.ts'
import { endProcesses, isAlive } from './processes.ts'
import { portsOfSlot, siteOf } from './site.ts'
import { stopOrder } from './order.ts'

/** How long a supervisor that is asked to take its stack down may need. */
const politeMs = 60_000

/**
 * Takes back what a stack that was killed left behind: processes by their recorded pid and start time,
 * links and cgroups by their recorded names. Nothing else is looked at.
 */
export async function tidy(folder: string, machine: Machine): Promise<void> {
  const ledger = openLedger(join(folder, 'ledger'))
  const slot = readOwner(folder)?.slot ?? 0
  const site = siteOf({ folder, slot, machine, ledger, ports: portsOfSlot(slot), existing: {} })
  const left = ledger.processes()
  const parts = new Set(allComponents.map((component) => component.name))
  await endProcesses([...left].filter(([name]) => !parts.has(name)).map(([, process]) => process)) // what ran on it
  for (const wave of stopOrder(allComponents)) {
    await endProcesses(wave.flatMap((component) => left.get(component.name) ?? []))
    for (const component of wave) await component.stop?.(site)
  }
  ledger.clear()
}

/** Takes a folder's stack down, whether its supervisor lives (then it is asked to) or not. Answers false if there was none. */
export async function stopStack(folderGiven: string): Promise<boolean> {
  const folder = resolve(folderGiven)
  const owner = readOwner(folder)
  if (!owner) return false
  if (isAlive(owner)) await endProcesses([owner], { signal: 'SIGTERM', graceMs: politeMs })
  await tidy(folder, await inspectMachine())
  releaseFolder(folder)
  return true
}
