import { expect, it } from 'vitest'

import { findExceeded, functionsOf, percentileOf } from './budgets.ts'
import type { SourceFile } from './sources.ts'

const lines = (count: number, path: string): SourceFile => {
  const text = 'export {}\n'.repeat(count)
  return { path, text, bytes: text.length }
}

const functionOf = (count: number): string => `export function f${count}() {\n${'\n'.repeat(count - 2)}}\n`

it('takes percentiles by the nearest rank', () => {
  expect(percentileOf([10, 1, 5, 3], 50)).toBe(3)
  expect(percentileOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90)).toBe(9)
  expect(percentileOf([7], 90)).toBe(7)
  expect(percentileOf([], 50)).toBe(0)
})

it('lets a house of small files pass', () => {
  const small = Array.from({ length: 9 }, (_, i) => lines(89, `src/${i}.ts`))
  expect(findExceeded([...small, lines(300, 'src/one-long.ts')])).toEqual([])
})

it('catches a median that is too high, and names the longest files', () => {
  const files = [lines(90, 'src/a.ts'), lines(120, 'src/b.ts'), lines(40, 'src/c.ts')]
  const [problem, longest] = findExceeded(files)
  expect(problem).toMatch(
    /^file-median: 50 % of the files have up to 90 lines; below 90 is the budget\. Split by/,
  )
  expect(longest).toBe('  src/b.ts (120)')
})

it('catches a ninetieth percentile of files that is too high', () => {
  const small = Array.from({ length: 8 }, (_, i) => lines(20, `src/${i}.ts`))
  const files = [...small, lines(250, 'src/a.ts'), lines(260, 'src/b.ts')]
  expect(findExceeded(files)[0]).toMatch(/^file-p90: 90 % of the files have up to 250 lines/)
})

it('catches a ninetieth percentile of functions that is too high', () => {
  const text = [functionOf(50), functionOf(51), ...Array.from({ length: 8 }, () => functionOf(3))].join('')
  const [problem, longest] = findExceeded([
    { path: 'src/a.ts', text, bytes: text.length },
    ...Array.from({ length: 10 }, (_, i) => lines(5, `src/${i}.ts`)),
  ])
  expect(problem).toMatch(/^function-p90: 90 % of the functions have up to 50 lines/)
  expect(longest).toMatch(/^ {2}src\/a\.ts:\d+ \(51\)$/)
})

it('counts neither tests nor what is generated', () => {
  const long = [
    'src/a.test.ts',
    'src/testing/b.ts',
    'src/c.generated.ts',
    'docs/d.md',
    'e2e/browser/e.e2e.ts',
  ]
  expect(findExceeded(long.map((path) => lines(300, path)))).toEqual([])
})

it('measures functions, methods and arrows of more than one line', () => {
  const text = `const one = () => 1
const two = () =>
  2
class A {
  method() {
    return 1
  }
}
`
  const file = { path: 'a.ts', text, bytes: text.length }
  expect(functionsOf(file)).toEqual([
    { place: 'a.ts:2', lines: 2 },
    { place: 'a.ts:5', lines: 3 },
  ])
})
