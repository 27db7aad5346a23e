import fc from 'fast-check'
import { expect, it } from 'vitest'

import { compareObjects, differences, type Manifest } from './compare-objects.ts'

const object = (kind: string, name: string, spec: object = {}): Manifest =>
  ({ apiVersion: 'v1', kind, metadata: { name }, spec }) as unknown as Manifest

it('says what is made, changed, left and removed', () => {
  const present = [object('Service', 'a'), object('Service', 'b', { port: 1 }), object('Service', 'c')]
  const wanted = [object('Service', 'a'), object('Service', 'b', { port: 2 }), object('Ingress', 'c')]
  expect(compareObjects(present, wanted).map(({ action, kind, name }) => [action, kind, name])).toEqual([
    ['keep', 'Service', 'a'],
    ['change', 'Service', 'b'],
    ['create', 'Ingress', 'c'],
    ['remove', 'Service', 'c'],
  ])
})

it('names each field that differs', () => {
  expect(differences({ a: { b: [1, 2] }, c: 1 }, { a: { b: [1, 3] }, d: {} })).toEqual([
    { path: 'a.b[1]', before: 2, after: 3 },
    { path: 'c', before: 1, after: undefined },
    { path: 'd', before: undefined, after: {} },
  ])
})

it('finds no difference between equal values, and some between others', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(differences(value, structuredClone(value))).toEqual([])
    }),
  )
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const isSame = JSON.stringify(a) === JSON.stringify(b)
      fc.pre(!isSame && typeof a !== 'object')
      expect(differences(a, b)).not.toEqual([])
    }),
  )
})
