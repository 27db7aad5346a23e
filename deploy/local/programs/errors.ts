export type ProgramFault = 'setting' | 'missing' | 'hash' | 'broken' | 'disk' | 'build'

/** A program could not be had. The message is one sentence for people, which says what to do. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError'
  readonly fault: ProgramFault

  constructor(fault: ProgramFault, sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.fault = fault
  }
}

/** This source has nothing for us, so the next one is tried. What it says is told only if none works. */
export class PassedOver extends Error {
  override readonly name = 'PassedOver'
  /** What to install so that this source would work: "Go 1.26.6 or newer". */
  readonly install: string | undefined

  constructor(why: string, options: ErrorOptions & { readonly install?: string } = {}) {
    super(why, options)
    this.install = options.install
  }
}

const diskCodes = new Set(['ENOSPC', 'EDQUOT'])
const writeCodes = new Set(['EACCES', 'EPERM', 'EROFS'])

/** Turns what the file system throws into a sentence; everything else stays as it is. */
export function explained(error: unknown, what: string, cacheDir: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (diskCodes.has(code)) return noSpace(what, cacheDir, error)
  if (writeCodes.has(code)) {
    return new ProgramError(
      'disk',
      `${what} cannot be kept in ${cacheDir}: make that folder writable or set XDG_CACHE_HOME.`,
      {
        cause: error,
      },
    )
  }
  return error
}

export function noSpace(what: string, cacheDir: string, cause?: unknown): ProgramError {
  const sentence = `There is no space left on the disk for ${what}: free some (${cacheDir} is where programs are kept), then run this again.`
  return new ProgramError('disk', sentence, { cause })
}
