import { join } from 'node:path'
import type { Command, Component, StackEnv, StartContext } from '../component.ts'
import { assertAccepts } from '../probe.ts'
import type { Site } from '../site.ts'

/** A name and no address: an account stays the same whatever port a stack has. */
const ISSUER = 'http://accounts.shipyard.localhost'

/** Stands in for Google, so that signing in by it can be tried without an account there. */
export const google: Component = {
  name: 'google',
  about: 'Stand-in for signing in by Google',
  needs: [],
  start: async ({ site }: StartContext): Promise<Command> => ({
    path: process.execPath,
    args: [join(import.meta.dirname, '../google/serve.ts'), String(site.ports.google), ISSUER],
  }),
  ready: async ({ site }) => assertAccepts({ port: site.ports.google }),
}

/** As a server has to be told of it. Nothing here is secret: it believes everybody. */
export function googleEnv(site: Site): StackEnv {
  const url = `http://localhost:${site.ports.google}`
  return {
    GOOGLE_CLIENT_ID: 'shipyard',
    GOOGLE_CLIENT_SECRET: 'stands-in-for-one',
    GOOGLE_ISSUER: ISSUER,
    GOOGLE_AUTHORIZE_URL: `${url}/authorize`,
    GOOGLE_TOKEN_URL: `http://127.0.0.1:${site.ports.google}/token`,
    GOOGLE_JWKS_URL: `http://127.0.0.1:${site.ports.google}/jwks`,
  }
}
