/** An answer that came in time and fits; redirects are answers like others, and are not followed. */
export interface BoundedAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface Bounds {
  readonly timeoutMs: number
  readonly maxBytes: number
}

/**
 * `fetch` with an end: of time, the body included, and of size. Redirects are not followed, because a code or a
 * secret would go wherever they lead.
 *
 * @throws {Error} whatever kept it from answering
 */
export async function boundedFetch(
  url: string,
  init: RequestInit,
  { timeoutMs, maxBytes }: Bounds,
): Promise<BoundedAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
  const response = await fetch(url, { ...init, redirect: 'manual', signal })
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.byteLength
    // Leaving the loop cancels the rest.
    if (size > maxBytes) throw new Error(`the answer is larger than ${maxBytes} bytes`)
    parts.push(part)
  }
  const { status, headers } = response
  return { status, headers, text: Buffer.concat(parts).toString('utf8') }
}
