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

/**
 * Takes a slot that no other stack of this machine holds: its control port can be bound, all its other
 * ports are free, and no route of the machine overlaps its addresses.
 * @param fixed ports that the caller wants, whatever the slot.
 * @throws {StackError} when a wanted port is taken, or no slot is free.
 */
export async function takeSlot(
  preferred: number,
  fixed: Partial<Record<PortName, number>>,
): Promise<HeldSlot> {
  for (const [name, port] of Object.entries(fixed)) {
    if (await accepts(port)) {
      throw new StackError(
        `Port ${port}, wanted for ${name}, is taken: end what listens there or choose another.`,
      )
    }
  }
  const routes = readRoutes(readFileSync('/proc/net/route', 'latin1'))
  for (const slot of slotsFrom(preferred)) {
    if (existsSync(`/sys/class/net/${linksOfSlot(slot).bridge}`)) continue
    if (routes.some((route) => overlaps(route, addressesOfSlot(slot).host))) continue
    const ports = { ...portsOfSlot(slot), ...fixed }
    const control = await tryListen(ports.control)
    if (!control) continue
    const others = Object.values(ports).filter((port) => port !== ports.control)
    const taken = await Promise.all(others.map(accepts))
    if (!taken.includes(true)) return { slot, ports, control }
    control.close()
  }
  throw new StackError(`All ${slotCount} port ranges for local stacks are in use: take one down first.`)
}

function slotsFrom(preferred: number): number[] {
  const all = Array.from({ length: slotCount }, (_, slot) => slot)
  return [...all.slice(preferred), ...all.slice(0, preferred)]
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
