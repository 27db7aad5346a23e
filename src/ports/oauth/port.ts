/**
 * An issuer of identities (OpenID Connect, authorization code with PKCE). What it says of somebody is verified in
 * here: whoever calls gets a person, or one of the errors that docs/errors.md lists for signing in.
 */

/** What one sign-in is recognised by. All of it is derived from the handle in the browser's cookie (attempt.ts). */
export interface Attempt {
  /** Comes back in the address: this is the browser that was sent away. */
  readonly state: string
  /** Comes back inside the ID token: it was made for this sign-in. */
  readonly nonce: string
  /** Shown to the issuer with the code; before, it saw the hash alone (PKCE, S256). */
  readonly verifier: string
}

/** Somebody, as the issuer knows them: by issuer and subject. Everything else may change. */
export interface Person {
  readonly provider: string
  readonly subject: string
  /** Verified by the issuer. */
  readonly email: string
  readonly name: string
  /** An https:// address. */
  readonly avatarUrl: string | null
}

/** What the browser brings back, as it stands in the address. */
export interface Brought {
  readonly code: string
  /** Who says it, where the issuer says so (RFC 9207). */
  readonly issuer?: string | undefined
}

export interface OAuthPort {
  /** Where the browser is sent. */
  authorizationUrl(attempt: Attempt): URL
  /**
   * Who brought this code. A code is good for once.
   *
   * @throws {AppError} SIGN_IN_REFUSED (nothing of it can be believed), SIGN_IN_CLOCK, EMAIL_UNVERIFIED,
   *   SIGN_IN_UNAVAILABLE (no answer within 5 s, or none that is of use)
   */
  identify(brought: Brought, attempt: Attempt): Promise<Person>
}
