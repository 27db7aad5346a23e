import { expect, it } from 'vitest'

import { errorAt, firstErrorOf } from './error-at.ts'

const errors = {
  name: { message: 'Enter a name.' },
  services: [undefined, { image: { message: 'No image.' } }],
  env: Object.assign([], { root: { message: 'Too many.' } }),
  hosts: [undefined, { message: 'No host name.' }],
}

it('finds the sentence of a field, in lists too', () => {
  expect(errorAt(errors, 'name')).toBe('Enter a name.')
  expect(errorAt(errors, 'services.1.image')).toBe('No image.')
  expect(errorAt(errors, 'env')).toBe('Too many.')
})

it('finds none where there is none', () => {
  expect(errorAt(errors, 'services.0.image')).toBeUndefined()
  expect(errorAt(errors, 'name.message.length')).toBeUndefined()
  expect(errorAt({}, 'a.b.c')).toBeUndefined()
})

it('finds the first sentence of a list', () => {
  expect(firstErrorOf(errors, 'hosts')).toBe('No host name.')
  expect(firstErrorOf(errors, 'env')).toBe('Too many.')
  expect(firstErrorOf(errors, 'name')).toBe('Enter a name.')
  expect(firstErrorOf(errors, 'nothing')).toBeUndefined()
})
