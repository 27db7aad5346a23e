/**
 * Every error that people may read: code, status and public sentence, in one catalogue (docs/errors.md says what
 * to do about each). What is thrown by `fail` reaches the caller as code and sentence; whatever else is thrown
 * reaches nobody but the log, and the caller as INTERNAL.
 */
import { valueMissing } from './contract/required-answers.ts'
import { SIGN_IN_PROBLEMS } from './contract/sign-in-problems.ts'
import {
  entry,
  plain,
  plural,
  STATUS,
  type None,
  type PublicParams,
  type TransportCode,
} from './errors/entry.ts'
import {
  BILLING_CONFLICT,
  BILLING_REFUSED,
  BILLING_UNAVAILABLE,
  BILLING_WEBHOOK,
  limitSentence,
} from './errors/billing.ts'
import { EXEC_CONFLICT, EXEC_REFUSED, EXEC_TIMEOUT, EXEC_TOO_MANY } from './errors/exec.ts'
import { PEOPLE_CONFLICT, PEOPLE_FORBIDDEN, PEOPLE_NOT_FOUND } from './errors/people.ts'

/** Ordered by status; docs/errors.md has the same order. */
export const CATALOGUE = {
  INVALID_INPUT: entry<{ problem: string }>('BAD_REQUEST', ({ problem }) => problem),
  ...BILLING_WEBHOOK,
  SIGN_IN_INCOMPLETE: plain('BAD_REQUEST', SIGN_IN_PROBLEMS.SIGN_IN_INCOMPLETE),
  SIGN_IN_EXPIRED: plain('BAD_REQUEST', SIGN_IN_PROBLEMS.SIGN_IN_EXPIRED),
  SIGN_IN_FOREIGN: plain('BAD_REQUEST', SIGN_IN_PROBLEMS.SIGN_IN_FOREIGN),
  UNAUTHENTICATED: plain('UNAUTHORIZED', 'You are not signed in, or your session has ended. Sign in again.'),
  SIGN_IN_REFUSED: plain('UNAUTHORIZED', SIGN_IN_PROBLEMS.SIGN_IN_REFUSED),
  PAYMENT_REQUIRED: plain(
    'PAYMENT_REQUIRED',
    'The subscription of your organisation is not paid. Ask its owner to look at the billing page.',
  ),
  /** With the action of src/contract/policy.ts where there is one. */
  FORBIDDEN: entry<None | { action: string }>(
    'FORBIDDEN',
    ({ action }: { action?: string }) =>
      `Your role does not allow this${action === undefined ? '' : ` (${action})`}. Ask an administrator of your team or organisation.`,
  ),
  KEY_SCOPE_MISSING: entry<{ action: string }>(
    'FORBIDDEN',
    ({ action }) =>
      `The API key has no scope for this (${action}). Make a key that has it, or sign in to do it yourself.`,
  ),
  TIER_LIMIT_REACHED: entry<{ what: string; used: number; limit: number; plan: string; larger: string }>(
    'FORBIDDEN',
    limitSentence,
  ),
  ORG_SUSPENDED: plain(
    'FORBIDDEN',
    'Your organisation is suspended: it may read, pay and delete. Ask its owner to look at the billing page.',
  ),
  ...PEOPLE_FORBIDDEN,
  ORIGIN_REFUSED: plain(
    'FORBIDDEN',
    'This request came from another website and was not carried out. Use the dashboard itself.',
  ),
  SIGN_IN_DENIED: plain('FORBIDDEN', SIGN_IN_PROBLEMS.SIGN_IN_DENIED),
  EMAIL_UNVERIFIED: plain('FORBIDDEN', SIGN_IN_PROBLEMS.EMAIL_UNVERIFIED),
  NOT_FOUND: entry<{ what: string }>(
    'NOT_FOUND',
    ({ what }) => `There is no such ${what}, or you may not see it.`,
  ),
  TEMPLATE_GONE: entry<{ template: string }>(
    'NOT_FOUND',
    ({ template }) => `The template ${template} is no longer there. Choose another one.`,
  ),
  ...PEOPLE_NOT_FOUND,
  METHOD_NOT_SUPPORTED: plain(
    'METHOD_NOT_SUPPORTED',
    'This address does not take such a request. Look at its documentation.',
  ),
  TIMEOUT: plain('TIMEOUT', 'The request took too long and was given up. Try again.'),
  ...EXEC_TIMEOUT,
  CONFLICT: entry<{ what: string }>(
    'CONFLICT',
    ({ what }) => `Somebody changed this ${what} meanwhile. Load it again and repeat your change.`,
  ),
  ID_TAKEN: entry<{ what: string }>(
    'CONFLICT',
    ({ what }) => `This id belongs to another ${what} already. Load the page again and repeat what you did.`,
  ),
  HOST_TAKEN: entry<{ host: string }>(
    'CONFLICT',
    ({ host }) => `The host name ${host} is in use. Choose another one.`,
  ),
  NAME_TAKEN: entry<{ what: string; name: string }>(
    'CONFLICT',
    ({ what, name }) => `There is a ${what} called ${name} already. Choose another name.`,
  ),
  ...PEOPLE_CONFLICT,
  ...BILLING_CONFLICT,
  ...EXEC_CONFLICT,
  VAULT_CONFLICT: plain(
    'CONFLICT',
    'Somebody changed the same secret meanwhile. Load it again and repeat your change.',
  ),
  BEING_DELETED: entry<{ what: string }>(
    'CONFLICT',
    ({ what }) => `This ${what} is being deleted and cannot be changed any more.`,
  ),
  SIGN_IN_USED: plain('CONFLICT', SIGN_IN_PROBLEMS.SIGN_IN_USED),
  EMAIL_TAKEN: plain('CONFLICT', SIGN_IN_PROBLEMS.EMAIL_TAKEN),
  PAYLOAD_TOO_LARGE: entry<{ limitKilobytes: number }>(
    'PAYLOAD_TOO_LARGE',
    ({ limitKilobytes }) => `The request is larger than ${limitKilobytes} kB. Send less at once.`,
  ),
  UNSUPPORTED_MEDIA_TYPE: plain(
    'UNSUPPORTED_MEDIA_TYPE',
    'The request is not in a format that is understood here. Send JSON.',
  ),
  SECRET_MISSING: entry<{ name: string }>('UNPROCESSABLE_CONTENT', ({ name }) =>
    valueMissing('secret', name),
  ),
  SECRET_VERSION_GONE: entry<{ name: string }>(
    'UNPROCESSABLE_CONTENT',
    ({ name }) => `The value of the secret ${name} at that revision was destroyed. Enter it anew.`,
  ),
  IMAGE_NOT_FOUND: entry<{ image: string }>(
    'UNPROCESSABLE_CONTENT',
    ({ image }) => `The registry has no image ${image}. Check its name and tag.`,
  ),
  IMAGE_DENIED: entry<{ image: string }>(
    'UNPROCESSABLE_CONTENT',
    ({ image }) =>
      `The registry does not show the image ${image} without a password, or refuses the one that was given. Check the pull secret.`,
  ),
  CLUSTER_REFUSED: plain(
    'UNPROCESSABLE_CONTENT',
    'The cluster refuses this deployment. Check its settings, or ask the operator of this installation for the reason, by the request id.',
  ),
  MAIL_REFUSED: entry<{ reason: string }>(
    'UNPROCESSABLE_CONTENT',
    ({ reason }) => `The mail server does not take a letter to this address (${reason}). Check the address.`,
  ),
  ...BILLING_REFUSED,
  ...EXEC_REFUSED,
  RATE_LIMITED: entry<{ retryAfterSeconds: number }>(
    'TOO_MANY_REQUESTS',
    ({ retryAfterSeconds }) =>
      `These are too many requests. Wait ${plural(retryAfterSeconds, 'second')} and try again.`,
  ),
  ...EXEC_TOO_MANY,
  CANCELLED: plain('CLIENT_CLOSED_REQUEST', 'The request was cancelled before its answer.'),
  INTERNAL: plain(
    'INTERNAL_SERVER_ERROR',
    'Something went wrong on our side, and nothing was changed by halves. Try again; if it stays so, report the request id.',
  ),
  VAULT_UNAVAILABLE: plain(
    'SERVICE_UNAVAILABLE',
    'The secret store cannot be reached, so nothing was changed. Try again in a minute.',
  ),
  CLUSTER_UNAVAILABLE: plain(
    'SERVICE_UNAVAILABLE',
    'The cluster cannot be reached. What was asked of it waits; try again in a minute.',
  ),
  DATABASE_UNAVAILABLE: plain(
    'SERVICE_UNAVAILABLE',
    'The database cannot be reached, so nothing was changed. Try again in a minute.',
  ),
  REGISTRY_UNAVAILABLE: entry<{ registry: string }>(
    'SERVICE_UNAVAILABLE',
    ({ registry }) => `The registry ${registry} cannot be reached. Try again in a minute.`,
  ),
  MAIL_UNAVAILABLE: plain(
    'SERVICE_UNAVAILABLE',
    'The mail server cannot be reached. The letter waits, and is sent as soon as it answers.',
  ),
  ...BILLING_UNAVAILABLE,
  SESSIONS_UNAVAILABLE: plain(
    'SERVICE_UNAVAILABLE',
    'The store of sessions cannot be reached, so nothing was changed. Try again in a minute.',
  ),
  SIGN_IN_CLOCK: plain('SERVICE_UNAVAILABLE', SIGN_IN_PROBLEMS.SIGN_IN_CLOCK),
  SIGN_IN_UNAVAILABLE: plain('SERVICE_UNAVAILABLE', SIGN_IN_PROBLEMS.SIGN_IN_UNAVAILABLE),
  SHUTTING_DOWN: plain('SERVICE_UNAVAILABLE', 'The server is being restarted. Try again in a moment.'),
} as const

export type ErrorCode = keyof typeof CATALOGUE
export type ErrorParams<Code extends ErrorCode> = Parameters<(typeof CATALOGUE)[Code]['sentence']>[0]

/** For the log alone. */
export interface PrivateContext {
  /** What was the matter, in the words of whoever reads the log. Never the value of a secret. */
  because?: string
  cause?: unknown
}

/** What is sent: the same for procedures, REST and streams. */
export interface PublicError {
  code: ErrorCode
  status: number
  sentence: string
  params: PublicParams
}

/**
 * An error of the catalogue. Only `toPublic` (and so JSON) leaves the process; `message`, `because` and `cause`
 * are for the log.
 */
export class AppError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError'
  readonly code: Code
  readonly params: ErrorParams<Code>
  readonly because: string | undefined

  constructor(code: Code, params: ErrorParams<Code>, { because, cause }: PrivateContext = {}) {
    super(because === undefined ? code : `${code}: ${because}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.params = params
    this.because = because
  }

  get status(): number {
    return STATUS[this.transport]
  }

  get transport(): TransportCode {
    return CATALOGUE[this.code].transport
  }

  get sentence(): string {
    return CATALOGUE[this.code].sentence(this.params as never)
  }

  toPublic(): PublicError {
    return { code: this.code, status: this.status, sentence: this.sentence, params: this.params }
  }

  toJSON(): PublicError {
    return this.toPublic()
  }
}

/**
 * Throws an error of the catalogue: `fail('NOT_FOUND', { what: 'deployment' }, { because: 'of another team' })`.
 *
 * @throws {AppError} always
 */
export function fail<Code extends ErrorCode>(
  code: Code,
  params: ErrorParams<Code>,
  context?: PrivateContext,
): never {
  throw new AppError(code, params, context)
}

/** Whether an error is one of the catalogue, of these codes if some are named. */
export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.some((code) => code === error.code))
}
