import { expect, it } from 'vitest'

import { initialOf, initialsOf } from './initial.ts'

it('takes the first character as people count them', () => {
  expect([initialOf(' hello'), initialOf('👩‍🚀 crew'), initialOf('é'), initialOf('')]).toEqual([
    'H',
    '👩‍🚀',
    'É',
    '?',
  ])
})

it('makes two letters of a name or an address', () => {
  expect([
    initialsOf('Dana Developer'),
    initialsOf('dana.developer@example.com'),
    initialsOf('dev@localhost'),
  ]).toEqual(['DD', 'DD', 'D'])
})
