/** What comes back over a connection: as an error where it is one, and as a body that is read as it comes. */
import type { Dispatcher } from 'undici'

import type { CallDeadline } from './call-deadline.ts'
import { errorFromStatus, type KubeError } from './kube-error.ts'

export interface Answer {
  readonly response: Dispatcher.ResponseData
  readonly deadline: CallDeadline
}

/** Of an error's body: a Status fits many times. */
const MAX_ERROR_BYTES = 64 * 1024

/** The error for an answer of 400 or more. */
export async function refusal(what: string, { response, deadline }: Answer): Promise<KubeError> {
  const chunks: Buffer[] = []
  let bytes = 0
  const read = async (): Promise<void> => {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MAX_ERROR_BYTES) return
    }
  }
  await deadline.guard(read())
  const retryAfter = Number(response.headers['retry-after'] ?? Number.NaN)
  const error = errorFromStatus(what, response.statusCode, Buffer.concat(chunks).toString('utf8'))
  if (!Number.isNaN(retryAfter)) error.details.retryAfterSeconds ??= retryAfter
  return error
}

/** The body, with errors in our own words; left early, the connection ends. */
export async function* readable(
  body: Dispatcher.ResponseData['body'],
  deadline: CallDeadline,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* body as AsyncIterable<Buffer>
  } catch (error) {
    throw deadline.explain(error)
  } finally {
    body.destroy()
    deadline.release()
  }
}
