/** The names by which releases and Debian call one processor. */
export interface MachineType {
  readonly arch: string
  readonly machine: string
  readonly triplet: string
}

const machines: Readonly<Record<string, MachineType>> = {
  x64: { arch: 'amd64', machine: 'x86_64', triplet: 'x86_64-linux-gnu' },
  arm64: { arch: 'arm64', machine: 'arm64', triplet: 'aarch64-linux-gnu' },
}

/** null where releases have nothing for us: not Linux, or another processor. */
export function machineType(): MachineType | null {
  return process.platform === 'linux' ? (machines[process.arch] ?? null) : null
}
