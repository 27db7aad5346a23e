/** Whatever goes wrong, as people read it: a sentence, and what support asks for. */
import { TRPCClientError } from '@trpc/client'

import type { AppRouter } from '../../src/rpc/app-router.ts'

export interface Fault {
  /** What is the matter, and what to do. */
  sentence: string
  /** Of the catalogue in docs/errors.md, or NETWORK when no answer came. */
  code: string
  /** HTTP status; 0 when no answer came. */
  status: number
  requestId: string | undefined
  /** Of an input that was refused: what is wrong, field by field. */
  fields: readonly FieldFault[]
}

/** `path` as in `services.0.replicas`. */
interface FieldFault {
  path: string
  sentence: string
}

const NETWORK: Fault = {
  sentence: 'The server cannot be reached. Check your connection, and try again.',
  code: 'NETWORK',
  status: 0,
  requestId: undefined,
  fields: [],
}

const UNKNOWN_SENTENCE =
  'Something went wrong in this page. Load it again; if it stays so, report what you did.'

/** What the server says of its error, wherever it comes from: a procedure or a raw stream. */
interface PublicShape {
  code: string
  status: number
  sentence: string
  requestId: string
  fields: FieldFault[]
}

const isText = (value: unknown): value is string => typeof value === 'string'

/** Reads an error as the server sends it; undefined when it is none of ours (a proxy's page, say). */
export function readPublicError(value: unknown): Fault | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { code, status, sentence, requestId, fields = [] } = value as Partial<PublicShape>
  if (!isText(code) || !isText(sentence) || typeof status !== 'number') return undefined
  return { code, status, sentence, requestId: isText(requestId) ? requestId : undefined, fields }
}

/** An answer that is none of ours: of a proxy, or of a server that is being replaced. */
const foreign = (status: number): Fault => ({
  ...NETWORK,
  sentence: 'The server did not answer as it should. Try again in a minute.',
  code: 'FOREIGN_ANSWER',
  status,
})

function describeClientError({ data, cause }: TRPCClientError<AppRouter>): Fault {
  const fault = readPublicError(data)
  if (fault) return fault
  // A body that is no JSON, and a connection that failed, differ in their cause alone.
  return cause instanceof SyntaxError ? foreign(502) : NETWORK
}

export class StreamError extends Error {
  override readonly name = 'StreamError'
  readonly fault: Fault

  constructor(fault: Fault) {
    super(fault.sentence)
    this.fault = fault
  }
}

export function describeError(error: unknown): Fault {
  if (error instanceof StreamError) return error.fault
  if (error instanceof TRPCClientError) return describeClientError(error as TRPCClientError<AppRouter>)
  if (error instanceof TypeError && /fetch|network|load/i.test(error.message)) return NETWORK
  return { ...NETWORK, sentence: UNKNOWN_SENTENCE, code: 'UNKNOWN' }
}

/** Worth another try by itself: no answer, or one that says so. What was refused is refused again. */
export const isPassing = ({ status, code }: Fault): boolean =>
  code === 'NETWORK' || status === 429 || status >= 502
