/** What a browser says about where a request comes from. Headers are lower case, as Node gives them. */
export interface RequestSource {
  readonly method: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** A WebSocket's handshake: a GET that another site may start, and then talk. */
  readonly isUpgrade?: boolean
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/**
 * Whether a request that carries the cookie was started by our own pages (or, where nothing is changed, by
 * somebody who followed a link). SameSite=Lax alone is not enough: "site" includes the hosts beside ours, on which
 * tenants' apps may run. Fetch metadata come first and the Origin is compared as a whole, scheme and port
 * included (lucia's own check compares hosts only).
 *
 * @param ownOrigins as `ownOriginsOf` gives them
 */
export function isFromOurPages(source: RequestSource, ownOrigins: ReadonlySet<string>): boolean {
  const origin = header(source, 'origin')
  if (origin !== undefined) return ownOrigins.has(origin)
  const site = header(source, 'sec-fetch-site')
  if (site === 'same-origin') return true
  const changesNothing = SAFE_METHODS.includes(source.method) && !source.isUpgrade
  if (!changesNothing) return false
  // Old browsers say nothing about reads, and nobody else can see what is answered.
  return site === undefined || site === 'none' || header(source, 'sec-fetch-mode') === 'navigate'
}

function header({ headers }: RequestSource, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.join(',')
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** The origins of our pages: that of `BASE_URL`, and on a machine of one's own its other names too. */
export function ownOriginsOf(baseUrl: string): ReadonlySet<string> {
  const { protocol, hostname, port, origin } = new URL(baseUrl)
  if (!LOOPBACK.includes(hostname)) return new Set([origin])
  return new Set(LOOPBACK.map((host) => new URL(`${protocol}//${host}:${port}`).origin))
}
