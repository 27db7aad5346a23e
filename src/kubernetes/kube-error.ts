/** The API server explains itself in a Status object: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
interface Status {
  kind?: unknown
  code?: unknown
  reason?: unknown
  message?: unknown
  details?: unknown
}

/** What a Status tells besides its sentence. */
export interface KubeErrorDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  retryAfterSeconds?: number
  causes?: { reason?: string; message?: string; field?: string }[]
}

interface KubeErrorFields {
  /** The HTTP status; 0 when no answer came at all. */
  status: number
  /** The API server's own word (`NotFound`, `Conflict`, `Invalid`…), or `Timeout`, `ConnectionFailed`. */
  reason: string
  message: string
  details?: KubeErrorDetails
  cause?: unknown
}

/** A call to an API server that did not succeed, whoever is to blame. The only error the transport throws but aborts. */
export class KubeError extends Error {
  override readonly name = 'KubeError'
  readonly status: number
  readonly reason: string
  readonly details: KubeErrorDetails

  constructor({ status, reason, message, details, cause }: KubeErrorFields) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
    this.reason = reason
    this.details = details ?? {}
  }
}

/** Words for the statuses that come without a Status object, from a proxy in between for instance. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

/**
 * The error for an answer of 400 or more, or for a watch event of type ERROR.
 *
 * @param what the call, for the message: `GET /api/v1/pods`
 * @param body as it came; a Status where the API server itself answered
 */
export function errorFromStatus(what: string, httpStatus: number, body: string): KubeError {
  const parsed = parseStatus(body)
  const status = typeof parsed.code === 'number' ? parsed.code : httpStatus
  const said = text(parsed.message) ?? body.slice(0, 300)
  return new KubeError({
    status,
    reason: text(parsed.reason) ?? REASONS[status] ?? 'Unknown',
    message: `${what} was answered ${status}${said === '' ? '' : `: ${said}`}`,
    ...(isObject(parsed.details) ? { details: parsed.details } : {}),
  })
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

function parseStatus(body: string): Status {
  if (!body.startsWith('{')) return {}
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : {}
  } catch {
    return {} // half an answer: the text itself is shown then
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

const isKube = (error: unknown, ...statuses: number[]): error is KubeError =>
  error instanceof KubeError && statuses.includes(error.status)

/** The credentials were not accepted. */
export const isUnauthorized = (error: unknown): error is KubeError => isKube(error, 401)
export const isNotFound = (error: unknown): error is KubeError => isKube(error, 404)
/** Somebody else changed it, owns the field, or it exists already: read again and decide again. */
export const isConflict = (error: unknown): error is KubeError => isKube(error, 409)
/** The version asked for is compacted away: list again. The word covers 410 and errors inside a watch. */
export const isExpired = (error: unknown): error is KubeError =>
  isKube(error, 410) || (error instanceof KubeError && error.reason === 'Expired')
/** Trying the very same later may succeed: no answer, overload, or a server in trouble. */
export const isTransient = (error: unknown): error is KubeError => isKube(error, 0, 429, 500, 502, 503, 504)
