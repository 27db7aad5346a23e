import { isAppError } from '../errors.ts'

/** The code of the catalogue that a call ends with; `none` when it succeeds. @throws what is none of ours */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'none'
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (isAppError(cause)) return cause.code
    if ((error as { code?: unknown }).code === 'BAD_REQUEST') return 'INVALID_INPUT'
    throw error
  }
}
