/** What callers are told of an error: code, sentence, parameters, request id. Whatever else there is, is logged. */
import { TRPCError } from '@trpc/server'
import { z } from 'zod'

import { AppError, isAppError, type ErrorCode, type PublicError } from '../errors.ts'

/** The sentence for one field of a form. */
interface FieldError {
  /** `services.0.env.2.value` */
  path: string
  sentence: string
}

export interface ErrorData extends PublicError {
  requestId: string
  /** For tRPC, which reads the status of a batch here. */
  httpStatus: number
  path?: string
  /** Of INVALID_INPUT: what is wrong, field by field. */
  fields?: FieldError[]
}

interface Told {
  requestId: string
  path?: string | undefined
}

/** One error, as every transport sends it. */
export function publicErrorOf(error: unknown, { requestId, path }: Told): ErrorData {
  const known = appErrorOf(error)
  const cause = known.cause instanceof z.ZodError ? known.cause : undefined
  const shown = known.toPublic()
  return {
    ...shown,
    httpStatus: shown.status,
    requestId,
    ...(path === undefined ? {} : { path }),
    ...(cause ? { fields: cause.issues.slice(0, 50).map(fieldOf) } : {}),
  }
}

/** As tRPC wants it, with the status of the catalogue: a stream whose session has ended must not be begun again. */
export const asTrpcError = (error: AppError): TRPCError =>
  new TRPCError({ code: error.transport, message: error.code, cause: error })

/** Codes that tRPC itself gives, before a procedure is reached. */
const OF_TRPC: Partial<Record<TRPCError['code'], () => AppError>> = {
  METHOD_NOT_SUPPORTED: () => new AppError('METHOD_NOT_SUPPORTED', {}),
  NOT_FOUND: () => new AppError('NOT_FOUND', { what: 'procedure' }),
  PAYLOAD_TOO_LARGE: () => new AppError('PAYLOAD_TOO_LARGE', { limitKilobytes: 256 }),
  UNSUPPORTED_MEDIA_TYPE: () => new AppError('UNSUPPORTED_MEDIA_TYPE', {}),
  CLIENT_CLOSED_REQUEST: () => new AppError('CANCELLED', {}),
  TIMEOUT: () => new AppError('TIMEOUT', {}),
}

/** The error of the catalogue that an error stands for; INTERNAL for whatever nobody thought of. */
export function appErrorOf(error: unknown): AppError {
  if (isAppError(error)) return error
  if (error instanceof z.ZodError) return invalid(error)
  if (!(error instanceof TRPCError)) return new AppError('INTERNAL', {}, { cause: error })
  if (isAppError(error.cause)) return error.cause
  if (error.code === 'BAD_REQUEST') {
    return error.cause instanceof z.ZodError ? invalid(error.cause) : malformed(error)
  }
  return OF_TRPC[error.code]?.() ?? new AppError('INTERNAL', {}, { cause: error })
}

function invalid(error: z.ZodError): AppError {
  const [first] = error.issues
  return new AppError(
    'INVALID_INPUT',
    { problem: first ? sentenceOf(first) : 'The input is not valid.' },
    { cause: error },
  )
}

const malformed = (cause: unknown): AppError =>
  new AppError(
    'INVALID_INPUT',
    { problem: 'The request cannot be read: send JSON as the documentation shows.' },
    { cause },
  )

const fieldOf = (issue: z.core.$ZodIssue): FieldError => ({
  path: issue.path.map(String).join('.'),
  sentence: sentenceOf(issue),
})

/** Our own schemas say whole sentences; zod's own words get the name of the field before them. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  const { message, path } = issue
  // Of a name that is not valid, zod has the sentence one level down.
  const [ofName] = issue.code === 'invalid_key' ? issue.issues : []
  if (ofName) return ofName.message
  if (message.endsWith('.')) return message
  const name = path.length === 0 ? 'The input' : `The field ${path.map(String).join('.')}`
  if (message.endsWith('received undefined')) return `${name} is missing.`
  return `${name} is not valid: ${message}.`
}

/** Who is to blame, and so how loudly it is logged. */
export const isOurFault = (code: ErrorCode): boolean => code === 'INTERNAL'
