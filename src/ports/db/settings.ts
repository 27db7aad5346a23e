/**
 * With `DEBUG=*` Prisma writes the options of its connection to the log, password included. It decides while it is
 * loaded, by this global variable before that of the environment.
 */
const asked = process.env['DEBUG'] ?? ''
Object.assign(globalThis, { DEBUG: asked === '' ? '' : `${asked},-prisma*` })
