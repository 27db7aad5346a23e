import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { StackError } from './folder.ts'
import { accepts } from './probe.ts'
import { addressesOfSlot, linksOfSlot, portsOfSlot, slotCount, type PortName } from './site.ts'

export interface HeldSlot {
  readonly slot: number
  readonly ports: Record<PortName, number>
  /** Listening on the slot's control port, which is what holds the slot. */
  readonly control: Server
}

export interface SlotWish {
  /** Where a new stack starts to look: different folders begin at different slots, so they seldom meet. */
  readonly folder: string
  /** The slot that this folder's cluster was made with: its Services hold addresses of it, so no other will do. */
  readonly kept?: number | undefined
  /** Ports that somebody wants by number, whatever the slot. */
  readonly fixed?: Partial<Record<PortName, number>>
}

/**
 * Takes a slot that no other stack of this machine holds: its control port can be bound, all its other
 * ports are free, and no route of the machine overlaps its addresses.
 * @throws {StackError} when a wanted port is taken, the kept slot is, or no slot is free.
 */
export async function takeSlot({ folder, kept, fixed = {} }: SlotWish): Promise<HeldSlot> {
  for (const [name, port] of Object.entries(fixed)) {
    if (!(await accepts(port))) continue
    const what = `Port ${port}, wanted for ${name}, is taken`
    throw new StackError(`${what}: end what listens there or choose another.`)
  }
  for (const slot of kept === undefined ? slotsFor(folder) : [kept]) {
    const held = await tryTake(slot, fixed)
    if (held) return held
  }
  throw new StackError(
    kept === undefined ? `All ${slotCount} port ranges for local stacks are in use.` : whyNot(kept),
  )
}

function whyNot(slot: number): string {
  const ports = Object.values(portsOfSlot(slot))
  const range = `${Math.min(...ports)} to ${Math.max(...ports)}`
  const what = `This stack's ports (${range}) or addresses (${addressesOfSlot(slot).pods}) are taken`
  return `${what}, perhaps by another stack: take that one down first, or use another folder.`
}

async function tryTake(
  slot: number,
  fixed: Partial<Record<PortName, number>>,
): Promise<HeldSlot | undefined> {
  const routes = readRoutes(readFileSync('/proc/net/route', 'latin1'))
  if (existsSync(`/sys/class/net/${linksOfSlot(slot).bridge}`)) return undefined
  if (routes.some((route) => overlaps(route, addressesOfSlot(slot).host))) return undefined
  const ports = { ...portsOfSlot(slot), ...fixed }
  const control = await tryListen(ports.control)
  if (!control) return undefined
  const others = Object.values(ports).filter((port) => port !== ports.control)
  const taken = await Promise.all(others.map(accepts))
  if (!taken.includes(true)) return { slot, ports, control }
  control.close()
  return undefined
}

function slotsFor(folder: string): number[] {
  const first = createHash('sha256').update(folder).digest().readUInt32BE() % slotCount
  return Array.from({ length: slotCount }, (_, step) => (first + step) % slotCount)
}

async function tryListen(port: number): Promise<Server | undefined> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

interface Route {
  readonly network: number
  readonly mask: number
}

/** /proc/net/route holds addresses as little-endian hexadecimal. The default route (mask 0) says nothing. */
export function readRoutes(table: string): Route[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter((fields) => fields.length > 7)
    .map((fields) => ({ network: fromHex(fields[1] ?? '0'), mask: fromHex(fields[7] ?? '0') }))
    .filter((route) => route.mask !== 0)
}

function fromHex(littleEndian: string): number {
  return Buffer.from(littleEndian.padStart(8, '0'), 'hex').readUInt32LE()
}

/** Whether a route covers, or lies inside, the /16 of an address. */
export function overlaps(route: Route, address: string): boolean {
  const bytes = Buffer.from(address.split('.').map(Number))
  const shared = (route.mask & 0xff_ff_00_00) >>> 0
  return (route.network & shared) >>> 0 === (bytes.readUInt32BE() & shared) >>> 0
}
