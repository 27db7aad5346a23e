/** A cookie of ours, in the shape that @fastify/cookie takes. */
export interface SessionCookie {
  readonly name: string
  readonly attributes: {
    readonly httpOnly: true
    readonly secure: boolean
    readonly sameSite: 'lax'
    readonly path: '/'
    /** Seconds; the absolute end of what it stands for. */
    readonly maxAge: number
  }
}

interface CookieOptions {
  /** Browsers reach the server by https. */
  readonly isSecure: boolean
  readonly absoluteMs: number
}

/** The session's cookie. */
export const sessionCookie = (options: CookieOptions): SessionCookie => ownCookie('session', options)

/** The cookie of a browser that is away at the issuer. Lax, because the way back begins at another site. */
export const signInCookie = (options: CookieOptions): SessionCookie => ownCookie('sign-in', options)

/**
 * `__Host-` makes browsers refuse the cookie unless it is Secure, for `/` and without a domain: another host of
 * the same domain, where tenants' apps may run, can neither read nor set it. Browsers take that prefix over TLS
 * only, so in development it is left out.
 */
function ownCookie(name: string, { isSecure, absoluteMs }: CookieOptions): SessionCookie {
  return {
    name: isSecure ? `__Host-${name}` : name,
    attributes: {
      httpOnly: true,
      secure: isSecure,
      sameSite: 'lax',
      path: '/',
      maxAge: Math.floor(absoluteMs / 1000),
    },
  }
}
