/**
 * Why somebody came back from signing in without being signed in: the code stands in the address of the page for
 * signing in, which says the sentence. An address can hold any word; the page knows these and no others.
 */
export const SIGN_IN_PROBLEMS = {
  SIGN_IN_INCOMPLETE:
    'The answer of the sign-in provider is incomplete, so nobody was signed in. Begin again below.',
  SIGN_IN_EXPIRED: 'This sign-in took longer than ten minutes and has ended. Begin again below.',
  SIGN_IN_FOREIGN:
    'This sign-in was not begun in this browser, or its cookie is gone. Begin again below, and let cookies of this site be kept.',
  SIGN_IN_REFUSED:
    'What the sign-in provider answered could not be verified, so nobody was signed in. Begin again below; if it stays so, report the request id.',
  SIGN_IN_DENIED:
    'You did not allow the sign-in provider to say who you are, so nobody was signed in. Begin again below if you want to.',
  EMAIL_UNVERIFIED:
    'The sign-in provider has not verified your e-mail address. Have it verified there, then begin again.',
  SIGN_IN_USED: 'This sign-in was carried out already. Begin again below if you are not signed in.',
  EMAIL_TAKEN:
    'Another account has your e-mail address already. Sign in with the account that you used before, or ask the operator of this installation.',
  SIGN_IN_CLOCK:
    'The clocks of this server and of the sign-in provider differ, so its answer was refused. Ask the operator of this installation to set the clock.',
  SIGN_IN_UNAVAILABLE:
    'The sign-in provider cannot be reached, or does not answer as it should. Try again in a minute.',
  RATE_LIMITED: 'Too many sign-ins were begun from your network in the last minute.',
} as const

/** Of whatever else it was, and of what nobody knows. */
export const SIGN_IN_FAILED =
  'Signing in did not work. Try again in a minute; if it stays so, report the request id.'

type SignInProblem = keyof typeof SIGN_IN_PROBLEMS

export const isSignInProblem = (code: string): code is SignInProblem => Object.hasOwn(SIGN_IN_PROBLEMS, code)
