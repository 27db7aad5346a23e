/** How an error of the catalogue is written. */
/**
 * The codes of tRPC that we answer with, and the HTTP status that tRPC gives to each; `src/rpc` holds them
 * against tRPC's own list.
 */
export const STATUS = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  PAYMENT_REQUIRED: 402,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_SUPPORTED: 405,
  TIMEOUT: 408,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE_CONTENT: 422,
  TOO_MANY_REQUESTS: 429,
  CLIENT_CLOSED_REQUEST: 499,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const
export type TransportCode = keyof typeof STATUS

/** Public parameters: they stand in the sentence and are sent beside it. Nothing private belongs here. */
export type PublicParams = Readonly<Record<string, string | number>>

export interface Entry<Params extends PublicParams> {
  readonly transport: TransportCode
  /** What people read: what is the matter, and what to do. */
  readonly sentence: (params: Params) => string
}

export const entry = <Params extends PublicParams>(
  transport: TransportCode,
  sentence: (params: Params) => string,
): Entry<Params> => ({ transport, sentence })

/** Sentences without parameters. */
export type None = Readonly<Record<string, never>>
export const plain = (transport: TransportCode, sentence: string): Entry<None> =>
  entry<None>(transport, () => sentence)

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
