import { expect, it } from 'vitest'

import { formatTable } from './table.ts'

it('lines up words to the left and numbers to the right', () => {
  expect(
    formatTable(
      ['name', 'n'],
      [
        ['a', '5'],
        ['longer', '1,250.5'],
      ],
    ),
  ).toEqual(['name          n', '------  -------', 'a             5', 'longer  1,250.5'])
})

it('shows a table without rows by its headings', () => {
  expect(formatTable(['name'], [])).toEqual(['name', '----'])
})
