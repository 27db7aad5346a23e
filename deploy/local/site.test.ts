import { once } from 'node:events'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addressesOfSlot, linksOfSlot, portsOfSlot, slotCount } from './site.ts'
import { overlaps, readRoutes, takeSlot } from './slot.ts'

const slots = fc.integer({ min: 0, max: slotCount - 1 })

it('gives two slots no port, address range or link in common', () => {
  fc.assert(
    fc.property(slots, slots, (one, two) => {
      fc.pre(one !== two)
      const ports = new Set(Object.values(portsOfSlot(one)))
      expect(Object.values(portsOfSlot(two)).some((port) => ports.has(port))).toBe(false)
      expect(addressesOfSlot(one).pods.split('.')[1]).not.toBe(addressesOfSlot(two).pods.split('.')[1])
      expect(linksOfSlot(one).bridge).not.toBe(linksOfSlot(two).bridge)
    }),
  )
})

it('keeps all ports under the range of outgoing connections and all link names within the kernel’s 15 characters', () => {
  fc.assert(
    fc.property(slots, (slot) => {
      for (const port of Object.values(portsOfSlot(slot))) expect(port).toBeLessThan(32_768)
      for (const link of Object.values(linksOfSlot(slot))) expect(link.length).toBeLessThanOrEqual(15)
    }),
  )
})

const table = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0000640A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
tun0\t0000A80A\t00000000\t0001\t0\t0\t0\t0000F8FF\t0\t0\t0
`

it('reads the machine’s routes and sees which slots they overlap', () => {
  const routes = readRoutes(table)
  expect(routes).toHaveLength(2)
  const taken = (slot: number): boolean => routes.some((route) => overlaps(route, addressesOfSlot(slot).host))
  expect(taken(0)).toBe(true) // 10.100.0.0/16
  expect(taken(1)).toBe(false)
  expect(taken(70)).toBe(true) // 10.168.0.0/13 covers 10.170
})

it('takes another slot when one is held, and the same again for the same folder', async () => {
  const folder = `/nowhere/${process.pid}`
  const first = await takeSlot({ folder })
  const second = await takeSlot({ folder })
  expect(second.slot).not.toBe(first.slot)
  expect(second.ports.etcd).not.toBe(first.ports.etcd)
  const kept = takeSlot({ folder, kept: first.slot })
  await expect(kept).rejects.toThrow(
    /This stack's ports \(\d+ to \d+\) or addresses \(10\.\d+\.0\.0\/17\) are taken/,
  )
  for (const { control } of [first, second]) {
    control.close()
    await once(control, 'close')
  }
  const again = await takeSlot({ folder, kept: first.slot })
  expect(again.slot).toBe(first.slot)
  again.control.close()
})

it('says which wanted port is taken', async () => {
  const held = await takeSlot({ folder: '/nowhere' })
  const taken = held.ports.control
  await expect(takeSlot({ folder: '/nowhere', fixed: { 'traefik-http': taken } })).rejects.toThrow(
    `Port ${taken}, wanted for traefik-http, is taken: end what listens there or choose another.`,
  )
  held.control.close()
})
