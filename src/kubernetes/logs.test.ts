import fc from 'fast-check'
import { expect, it } from 'vitest'
import { KubeError } from './kube-error.ts'
import { logBatches, logLines, type LogOptions } from './logs.ts'
import { UnsafePathError } from './path.ts'
import { FakeClock } from './testing/fake-clock.ts'
import type { KubeRequest, KubeStream, Transport } from './transport-types.ts'

const TARGET = { namespace: 'ns', pod: 'web', container: 'main' }

/** How a connection of the container's log ends: after so many lines, and how. */
interface Cut {
  lines: number
  how: 'reset' | 'end' | 'half' | 'silence'
}

/** A log at a kubelet: lines that are there, a container that has ended (or not), connections that break. */
class FakeLog implements Transport {
  readonly counts = { handshakes: 0, requests: 0, retries: 0 }
  readonly server = ''
  readonly namespace = undefined
  readonly asked: KubeRequest[] = []
  readonly cuts: (Cut | KubeError)[] = []
  readonly #lines: string[]

  constructor(lines: string[]) {
    this.#lines = lines
  }

  async request<T>(): Promise<T> {
    throw new Error('Logs are streams.')
  }

  async close(): Promise<void> {}

  async stream(request: KubeRequest): Promise<KubeStream> {
    this.asked.push(request)
    const cut = this.cuts.shift()
    if (cut instanceof KubeError) throw cut
    return { status: 200, headers: {}, body: this.#body(request, cut) }
  }

  /** As the kubelet does: whole seconds, then the tail. */
  async *#body({ query, signal }: KubeRequest, cut: Cut | undefined): AsyncGenerator<Buffer, void> {
    const since = String(query?.sinceTime ?? '').slice(0, 19)
    const fitting = this.#lines.filter((line) => line.slice(0, 19) >= since)
    const tail = query?.tailLines
    const chosen =
      tail === undefined ? fitting : fitting.slice(fitting.length - Math.min(Number(tail), fitting.length))
    for (const [index, line] of chosen.entries()) {
      if (cut && index === cut.lines) {
        yield* this.#end(line, cut, signal)
        return
      }
      yield Buffer.from(`${line}\n`)
    }
  }

  async *#end(line: string, { how }: Cut, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
    if (how === 'end') return
    yield Buffer.from(line.slice(0, -2))
    if (how === 'half') return
    if (how === 'reset') throw new KubeError({ status: 0, reason: 'ConnectionFailed', message: 'reset' })
    signal?.throwIfAborted()
    await new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
  }
}

const stamp = (index: number): string => {
  // Several lines in a second, some in the same instant.
  const instant = Math.floor(index / 2)
  return `2026-01-01T00:00:${String(Math.floor(instant / 3)).padStart(2, '0')}.${String(instant % 3).padStart(9, '0')}Z`
}
const linesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${stamp(index)} line ${index}`)

async function readAll(log: FakeLog, options: LogOptions = {}, clock = new FakeClock()): Promise<string[]> {
  const texts: string[] = []
  let isOver = false
  const reading = (async () => {
    for await (const { text } of logLines(log, TARGET, { clock, random: () => 0.5, ...options }))
      texts.push(text)
  })().finally(() => (isOver = true))
  // Handled below; meanwhile time passes.
  reading.catch(() => {})
  for (let step = 0; step < 500 && !isOver; step++) await clock.advance(10_000)
  await reading
  return texts
}

it('reads a log once, with what was asked for', async () => {
  const log = new FakeLog(linesOf(5))
  expect(
    await readAll(log, { tailLines: 2, previous: true, sinceTime: '2026-01-01T00:00:00Z', limitBytes: 100 }),
  ).toEqual(['line 3', 'line 4'])
  expect(log.asked).toHaveLength(1)
  expect(log.asked[0]?.path).toBe('/api/v1/namespaces/ns/pods/web/log')
  expect(log.asked[0]?.query).toMatchObject({
    container: 'main',
    timestamps: true,
    tailLines: 2,
    previous: true,
    sinceTime: '2026-01-01T00:00:00Z',
    limitBytes: 100,
  })
  expect(log.asked[0]?.query?.follow).toBeUndefined()
})

it('sends a zero: nothing old is wanted', async () => {
  const log = new FakeLog(linesOf(5))
  expect(await readAll(log, { tailLines: 0 })).toEqual([])
  expect(log.asked[0]?.query?.tailLines).toBe(0)
})

it('gives the last line of a log that ends without a line end', async () => {
  const log = new FakeLog(linesOf(2))
  log.cuts.push({ lines: 1, how: 'half' })
  expect(await readAll(log)).toEqual(['line 0', 'line'])
})

it('gives every line once and in order, however often and wherever the connection is cut', async () => {
  const cut = fc.record({
    lines: fc.nat(12),
    how: fc.constantFrom<Cut['how']>('reset', 'end', 'half', 'silence'),
  })
  await fc.assert(
    fc.asyncProperty(fc.nat(30), fc.array(cut, { maxLength: 6 }), async (count, cuts) => {
      const log = new FakeLog(linesOf(count))
      // A connection that brings nothing new looks like the end if it ends politely, twice.
      log.cuts.push(...cuts.map((each) => ({ ...each, lines: each.lines + 9 })))
      const texts = await readAll(log, { follow: true })
      expect(texts).toEqual(Array.from({ length: count }, (_, index) => `line ${index}`))
    }),
    { numRuns: 300 },
  )
})

it('resumes at the second of its last line, without the tail of the beginning', async () => {
  const log = new FakeLog(linesOf(20))
  log.cuts.push({ lines: 3, how: 'reset' })
  expect(await readAll(log, { follow: true, tailLines: 10 })).toHaveLength(10)
  expect(log.asked[0]?.query).toMatchObject({ tailLines: 10 })
  expect(log.asked[1]?.query).toMatchObject({ sinceTime: '2026-01-01T00:00:02Z' })
  expect(log.asked[1]?.query?.tailLines).toBeUndefined()
})

it('asks a reader of new lines who lost the connection before the first for those since he began', async () => {
  const log = new FakeLog(linesOf(20))
  log.cuts.push(new KubeError({ status: 0, reason: 'ConnectionFailed', message: 'x' }))
  const clock = new FakeClock('2026-01-01T00:00:02.500Z')
  await expect(readAll(log, { follow: true, tailLines: 0 }, clock)).rejects.toThrow('x')
  log.cuts.push({ lines: 0, how: 'end' })
  const texts = await readAll(log, { follow: true, tailLines: 0 }, clock)
  expect(log.asked[2]?.query).toMatchObject({ sinceTime: expect.stringMatching(/^2026-01-01T/) })
  expect(log.asked[2]?.query?.tailLines).toBeUndefined()
  expect(texts.length).toBeLessThanOrEqual(20)
})

it.each([404, 400, 403, 500])('throws a %i of the first connection', async (status) => {
  const log = new FakeLog(linesOf(1))
  log.cuts.push(new KubeError({ status, reason: 'X', message: 'refused' }))
  await expect(readAll(log, { follow: true })).rejects.toMatchObject({ status })
})

it('takes a pod that is gone at a later connection for the end', async () => {
  const log = new FakeLog(linesOf(3))
  log.cuts.push(
    { lines: 2, how: 'reset' },
    new KubeError({ status: 404, reason: 'NotFound', message: 'gone' }),
  )
  expect(await readAll(log, { follow: true })).toHaveLength(2)
})

it('throws when the right to read is lost at a later connection', async () => {
  const log = new FakeLog(linesOf(3))
  log.cuts.push(
    { lines: 2, how: 'reset' },
    new KubeError({ status: 403, reason: 'Forbidden', message: 'no more' }),
  )
  await expect(readAll(log, { follow: true })).rejects.toThrow('no more')
})

it('throws a cut connection to whoever does not follow', async () => {
  const log = new FakeLog(linesOf(3))
  log.cuts.push({ lines: 1, how: 'reset' })
  await expect(readAll(log)).rejects.toMatchObject({ reason: 'ConnectionFailed' })
})

it('ends after so many bytes, over all connections', async () => {
  const log = new FakeLog(linesOf(20))
  log.cuts.push({ lines: 3, how: 'reset' })
  const bytes = `${linesOf(1)[0]}\n`.length
  expect((await readAll(log, { follow: true, limitBytes: bytes * 5 })).length).toBeGreaterThanOrEqual(5)
  expect(log.asked[1]?.query?.limitBytes).toBe(bytes * 2)
})

it('stops when it is told to', async () => {
  const log = new FakeLog(linesOf(3))
  log.cuts.push({ lines: 2, how: 'silence' })
  const controller = new AbortController()
  const reading = readAll(log, { follow: true, signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(reading).rejects.toThrow('enough')
})

it('reads no further than its reader', async () => {
  const log = new FakeLog(linesOf(100))
  let pulled = 0
  const original = log.stream.bind(log)
  log.stream = async (request) => {
    const { body, ...rest } = await original(request)
    return {
      ...rest,
      body: (async function* counted() {
        for await (const chunk of body) {
          pulled++
          yield chunk
        }
      })(),
    }
  }
  const batches = logBatches(log, TARGET, { follow: true })
  await batches.next()
  await batches.next()
  expect(pulled).toBe(2)
  await batches.return()
})

it('refuses names that are none', async () => {
  const batches = logBatches(new FakeLog([]), { ...TARGET, pod: '../../victim/pods/db' })
  await expect(batches.next()).rejects.toThrow(UnsafePathError)
})
