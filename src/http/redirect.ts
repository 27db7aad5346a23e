/** Where somebody may be sent after signing in or out: nowhere but to a path of this site. */
import { z } from 'zod'

/** Neither `//host` nor `/\host`, which are other sites to a browser. */
export const Redirect = z
  .string()
  .max(2_000)
  .regex(/^\/(?![/\\])[^\s\\]*$/, 'A redirect is a path of this site, such as /templates.')
  .default('/')
