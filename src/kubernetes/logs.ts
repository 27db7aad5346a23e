/**
 * Follows the log of a container through everything: a quiet hour, a cut connection, a rolled API server. Lines come
 * once and in order. (The official client's log helper does not encode names, drops `tailLines: 0`, and a cut
 * connection ends the process.)
 */
import { pause, systemClock } from './clock.ts'
import type { LogLine } from './log-position.ts'
import { LogReader } from './log-reader.ts'
import type { LogOptions, LogTarget } from './log-types.ts'
import { resourcePath } from './path.ts'
import { RESOURCES } from './resources.ts'
import type { Transport } from './transport-types.ts'

export type { LogLine } from './log-position.ts'
export type { LogOptions, LogTarget } from './log-types.ts'

/**
 * The lines in batches, as they arrive; nothing is read ahead of its reader. Ends when the container has ended and
 * all of its log was read (or at once, without `follow`).
 *
 * @throws {KubeError} the log cannot be opened the first time: 404 no such pod, 400 no such container or none started;
 *   without `follow` also when the connection is lost
 * @throws the signal's reason
 * @throws {UnsafePathError}
 */
export async function* logBatches(
  transport: Transport,
  { namespace, pod, container }: LogTarget,
  options: LogOptions = {},
): AsyncGenerator<readonly LogLine[], void, undefined> {
  const { signal, clock = systemClock, random = Math.random } = options
  const path = resourcePath({ ...RESOURCES.Pod, namespace, name: pod, subresource: 'log' })
  const reader = new LogReader(transport, path, { ...options, container, clock, random })
  for (;;) {
    const ending = yield* reader.connection()
    signal?.throwIfAborted()
    const waitMs = reader.waitAfter(ending)
    if (waitMs === undefined) return
    await pause(clock, waitMs, signal)
  }
}

/** The same, line by line. */
export async function* logLines(
  transport: Transport,
  target: LogTarget,
  options: LogOptions = {},
): AsyncGenerator<LogLine, void, undefined> {
  for await (const batch of logBatches(transport, target, options)) yield* batch
}
