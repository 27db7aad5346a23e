/** How a program ended, from the Status that an API server sends last. */
import { errorFromStatus, KubeError } from './kube-error.ts'

interface ExitStatus {
  readonly status?: unknown
  readonly reason?: unknown
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] }
}

/**
 * @param text the Status as it came
 * @throws {KubeError} the program was not started, or was lost
 */
export function exitCodeOf(what: string, text: string): number {
  const status = parsed(text)
  if (status?.status === 'Success') return 0
  const code = status && codeIn(status)
  if (code !== undefined) return code
  if (status) throw errorFromStatus(what, 500, text)
  const message = `${what} ended with what is no Status: ${text.slice(0, 100)}`
  throw new KubeError({ status: 0, reason: 'InvalidAnswer', message })
}

function codeIn({ reason, details }: ExitStatus): number | undefined {
  if (reason !== 'NonZeroExitCode') return undefined
  const said = details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message ?? ''
  return /^\d{1,3}$/.test(said) ? Number(said) : undefined
}

function parsed(text: string): ExitStatus | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
