/** The session's cookie, in the shape that @fastify/cookie takes. */
export interface SessionCookie {
  readonly name: string
  readonly attributes: {
    readonly httpOnly: true
    readonly secure: boolean
    readonly sameSite: 'lax'
    readonly path: '/'
    /** Seconds; the absolute end of the session. */
    readonly maxAge: number
  }
}

interface CookieOptions {
  /** Browsers reach the server by https. */
  readonly isSecure: boolean
  readonly absoluteMs: number
}

/**
 * `__Host-` makes browsers refuse the cookie unless it is Secure, for `/` and without a domain: another host of
 * the same domain, where tenants' apps may run, can neither read nor set it. Browsers take that prefix over TLS
 * only, so in development the cookie is called `session`.
 */
export function sessionCookie({ isSecure, absoluteMs }: CookieOptions): SessionCookie {
  return {
    name: isSecure ? '__Host-session' : 'session',
    attributes: {
      httpOnly: true,
      secure: isSecure,
      sameSite: 'lax',
      path: '/',
      maxAge: Math.floor(absoluteMs / 1000),
    },
  }
}
