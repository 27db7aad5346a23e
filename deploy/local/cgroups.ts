import { mkdirSync, readFileSync, readdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Makes the node's own cgroup in every hierarchy; the kubelet keeps all its pods below it. With version 1
 * a new cpuset starts empty and takes no process until it is filled.
 */
export function makeCgroups(mounts: readonly string[], name: string): void {
  for (const mount of mounts) {
    const folder = join(mount, name)
    mkdirSync(folder, { recursive: true })
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      const value =
        statSync(join(mount, file), { throwIfNoEntry: false }) && readFileSync(join(mount, file), 'utf8')
      if (value) writeFileSync(join(folder, file), value)
    }
  }
}

/** Removes a cgroup and all below it. Its processes have been ended; the kernel may need a moment more. */
export async function removeCgroups(mounts: readonly string[], name: string): Promise<void> {
  for (const mount of mounts) await removeWhenFree(join(mount, name))
}

async function removeWhenFree(folder: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return removeTree(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY' || attempt > 100) throw error
    }
    await sleep(50)
  }
}

/** The files in a cgroup's folder are the kernel's; only folders are removed, the deepest first. */
function removeTree(folder: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(folder, entry.name))
  }
  rmdirSync(folder)
}
