import { expect, it } from 'vitest'

import { filterLines, LogBuffer, type LogSource } from './log-buffer.ts'

const sourceOf = (pod: string): LogSource => ({
  service: 'web',
  pod,
  podUid: `uid-${pod}`,
  container: 'web',
  restart: 0,
})
const second = (number: number) => `2026-03-10T12:00:${String(number).padStart(2, '0')}Z`
const texts = (buffer: LogBuffer) => buffer.lines.map(({ text }) => text)

it('keeps lines of several pods in the order in which they were written', () => {
  const buffer = new LogBuffer()
  const [a, b] = [sourceOf('a'), sourceOf('b')]
  buffer.append(a, [
    [second(1), 0, 'a1'],
    [second(3), 0, 'a3'],
    [second(5), 0, 'a5'],
  ])
  buffer.append(b, [
    [second(2), 0, 'b2'],
    [second(4), 0, 'b4'],
    [second(6), 0, 'b6'],
  ])
  buffer.append(a, [[second(7), 0, 'a7']])
  expect(texts(buffer)).toEqual(['a1', 'b2', 'a3', 'b4', 'a5', 'b6', 'a7'])
})

it('orders fractions of seconds whose zeros were left out', () => {
  const buffer = new LogBuffer()
  buffer.append(sourceOf('a'), [['2026-03-10T12:00:00.51Z', 0, 'later']])
  buffer.append(sourceOf('b'), [
    ['2026-03-10T12:00:00Z', 0, 'first'],
    ['2026-03-10T12:00:00.5Z', 0, 'second'],
  ])
  expect(texts(buffer)).toEqual(['first', 'second', 'later'])
})

it('keeps lines of one instant as they came', () => {
  const buffer = new LogBuffer()
  buffer.append(sourceOf('a'), [
    [second(1), 0, 'one'],
    [second(1), 1, 'two'],
  ])
  buffer.append(sourceOf('a'), [[second(1), 2, 'three']])
  expect(texts(buffer)).toEqual(['one', 'two', 'three'])
})

it('repeats nothing when the stream begins anew', () => {
  const buffer = new LogBuffer()
  buffer.append(sourceOf('a'), [
    [second(1), 0, 'one'],
    [second(1), 1, 'two'],
  ])
  const again = buffer.announce(sourceOf('a'))
  buffer.append(again, [
    [second(1), 0, 'one'],
    [second(1), 1, 'two'],
    [second(1), 2, 'three'],
    [second(2), 0, 'four'],
  ])
  expect(texts(buffer)).toEqual(['one', 'two', 'three', 'four'])
})

it('takes a container that was restarted for another source', () => {
  const buffer = new LogBuffer()
  const source = buffer.announce(sourceOf('a'))
  const restarted = buffer.announce({ ...sourceOf('a'), restart: 1 })
  buffer.append(source, [[second(2), 0, 'before']])
  buffer.append(restarted, [[second(2), 0, 'after']])
  expect(texts(buffer)).toEqual(['before', 'after'])
  expect(buffer.announce(sourceOf('a'))).toBe(source)
})

it('forgets the oldest lines beyond its capacity and says how many', () => {
  const buffer = new LogBuffer({ capacity: 100 })
  for (let line = 0; line < 250; line++) {
    buffer.append(sourceOf('a'), [[second(1), line, String(line)]])
  }
  expect(buffer.lines.length).toBeLessThanOrEqual(110)
  expect(buffer.lines.at(-1)?.text).toBe('249')
  expect(buffer.total).toBe(250)
})

it('leaves out what only a terminal understands', () => {
  const buffer = new LogBuffer()
  const escape = String.fromCodePoint(27)
  buffer.append(sourceOf('a'), [[second(1), 0, `${escape}[1;32mok${escape}[0m done [1m]`]])
  expect(texts(buffer)).toEqual(['ok done [1m]'])
})

it('shows what is said about a source after what came last', () => {
  const buffer = new LogBuffer()
  buffer.append(sourceOf('a'), [[second(1), 0, 'one']])
  buffer.note(sourceOf('a'), 'gap', '12 lines are missing here.')
  buffer.append(sourceOf('a'), [[second(2), 0, 'two']])
  expect(buffer.lines.map(({ kind }) => kind)).toEqual(['line', 'gap', 'line'])
})

it('says once that a source has ended, however often the stream begins anew', () => {
  const buffer = new LogBuffer()
  buffer.note(sourceOf('a'), 'end', 'The container has ended.')
  buffer.note(buffer.announce(sourceOf('a')), 'end', 'The container has ended.')
  buffer.note(sourceOf('b'), 'end', 'The container has ended.')
  expect(buffer.lines).toHaveLength(2)
})

it('finds lines by a part of their text and by pod, and never hides a gap of those pods', () => {
  const buffer = new LogBuffer()
  const [a, b] = [sourceOf('a'), sourceOf('b')]
  buffer.append(a, [[second(1), 0, 'GET /Health']])
  buffer.append(b, [[second(2), 0, 'get /health']])
  buffer.append(a, [[second(3), 0, 'bye']])
  buffer.note(a, 'gap', 'missing')
  const shown = (text: string, pods: string[]) =>
    filterLines(buffer.lines, { text, pods }).map((line) => line.text)
  expect(shown('health', [])).toEqual(['GET /Health', 'get /health', 'missing'])
  expect(shown('health', ['b'])).toEqual(['get /health'])
  expect(shown('', ['a'])).toEqual(['GET /Health', 'bye', 'missing'])
})

it('takes a hundred thousand lines of ten pods in well under a second', () => {
  const buffer = new LogBuffer()
  const pods = Array.from({ length: 10 }, (_, index) => sourceOf(`pod-${index}`))
  const start = performance.now()
  for (let batch = 0; batch < 1000; batch++) {
    const pod = pods[batch % 10]
    if (!pod) continue
    buffer.append(
      pod,
      Array.from({ length: 100 }, (_, line) => [second(batch % 60), batch * 100 + line, 'text']),
    )
  }
  expect(performance.now() - start).toBeLessThan(3000)
})
