import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessId } from './processes.ts'

/**
 * What a stack has made outside its folder, one small file each, written before or in the same tick as
 * the making. It is what lets the next `up` or `down` tidy up after a `kill -9`: by these pids and names
 * and nothing else.
 */
export interface Ledger {
  recordProcess(component: string, process: ProcessId): void
  forgetProcess(component: string): void
  processes(): Map<string, ProcessId>
  /** Names of things on the machine (network links, cgroups), by kind. */
  recordName(kind: NameKind, name: string): void
  names(kind: NameKind): string[]
  /** After everything was taken back. */
  clear(): void
}

type NameKind = 'link' | 'cgroup'

export function openLedger(folder: string): Ledger {
  const processesFolder = join(folder, 'processes')
  const namesFolder = (kind: NameKind): string => join(folder, kind)
  mkdirSync(processesFolder, { recursive: true })
  return {
    recordProcess: (component, process) =>
      writeWhole(join(processesFolder, component), JSON.stringify(process)),
    forgetProcess: (component) => rmSync(join(processesFolder, component), { force: true }),
    processes() {
      const all = new Map<string, ProcessId>()
      for (const component of readdirSync(processesFolder)) {
        const process = readProcess(join(processesFolder, component))
        if (process) all.set(component, process)
      }
      return all
    },
    recordName(kind, name) {
      mkdirSync(namesFolder(kind), { recursive: true })
      writeFileSync(join(namesFolder(kind), name), '')
    },
    names(kind) {
      mkdirSync(namesFolder(kind), { recursive: true })
      return readdirSync(namesFolder(kind))
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A half-written record (the machine lost power) is no record: the process cannot have outlived that. */
function readProcess(path: string): ProcessId | undefined {
  const match = /^\{"pid":(\d+),"startTicks":"(\d+)"\}$/.exec(readFileSync(path, 'utf8'))
  return match?.[1] && match[2] ? { pid: Number(match[1]), startTicks: match[2] } : undefined
}

function writeWhole(path: string, content: string): void {
  const part = `${path}.part`
  writeFileSync(part, content)
  renameSync(part, path)
}
