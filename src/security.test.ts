/** Holds docs/security.md against the tests that it names: a requirement without its test is a promise without proof. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

interface Requirement {
  readonly number: string
  readonly level: number
  readonly where: string
  readonly shownBy: string
}

const page = readFileSync(join(root, 'docs/security.md'), 'utf8')
const requirements = page.split('\n').flatMap((line): Requirement[] => {
  const [, number = '', level, , where = '', shownBy = ''] = line.split(' | ').flatMap(cellsOf)
  return /^\d+\.\d+\.\d+$/.test(number) ? [{ number, level: Number(level), where, shownBy }] : []
})

/** The first and the last cell stand beside the edges of the table. */
function cellsOf(cell: string, at: number): string[] {
  const text = cell.replace(/^\| /, '').replace(/ \|$/, '').trim()
  return at === 0 ? ['', text] : [text]
}

const titled = requirements.map((each): [string, Requirement] => [each.number, each])

/** `path`: title of a test. */
const testsOf = ({ shownBy }: Requirement): [path: string, title: string][] =>
  shownBy.split('<br>').flatMap((each): [string, string][] => {
    const [, path, title] = /^`([^`]+)`: (.+)$/.exec(each.trim()) ?? []
    return path !== undefined && title !== undefined ? [[path, title]] : []
  })

/** A title is a whole text in its file: of a test, or the name of a case. */
function holds(path: string, title: string): boolean {
  const file = join(root, path)
  if (!existsSync(file)) return false
  const source = readFileSync(file, 'utf8')
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`))
}

it('lists the requirements of four chapters, each once and in order', () => {
  const numbers = requirements.map(({ number }) => number)
  expect(new Set(numbers.map((number) => number.split('.')[0]))).toEqual(new Set(['3', '7', '8', '10']))
  expect(numbers.length).toBeGreaterThan(60)
  const inOrder = numbers.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  expect(numbers).toEqual(inOrder)
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(requirements.filter(({ level }) => level !== 1 && level !== 2)).toEqual([])
})

it.each(titled)('%s is shown by tests that are there, or says why it does not apply', (_, requirement) => {
  if (/^Not applicable: .{20,}\.$/.test(requirement.shownBy)) return
  expect(requirement.where).not.toBe('')
  const tests = testsOf(requirement)
  expect(tests).toHaveLength(requirement.shownBy.split('<br>').length)
  expect(tests.filter(([path, title]) => !holds(path, title))).toEqual([])
})

it('notices a test that is not there', () => {
  expect(holds('src/security.test.ts', 'notices a test that is not there')).toBe(true)
  expect(holds('src/security.test.ts', ['has a title', 'that no test has'].join(' '))).toBe(false)
  expect(holds('src/nothing.test.ts', 'notices a test that is not there')).toBe(false)
})

it('has no page that writes HTML by itself', () => {
  const files = readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' })
  const sources = files.filter((file) => /\.tsx?$/.test(file))
  expect(sources.length).toBeGreaterThan(50)
  const writing = sources.filter((file) =>
    /dangerouslySetInnerHTML|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write/.test(
      readFileSync(join(root, 'web', file), 'utf8'),
    ),
  )
  expect(writing).toEqual([])
})
