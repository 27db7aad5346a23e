import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Command, Component, StackEnv, StartContext } from '../component.ts'
import { assertAccepts } from '../probe.ts'
import { repository } from '../settings.ts'
import { paths, type Site } from '../site.ts'

/** Nothing here is secret: no money moves by them. */
const SECRET_KEY = 'sk_test_stands_in_for_one'
const WEBHOOK_SECRET = 'whsec_stands_in_for_one'

/** Stands in for Stripe, so that paying can be tried without an account there. It remembers what happened. */
export const stripe: Component = {
  name: 'stripe',
  about: 'Stand-in for Stripe',
  needs: [],
  async start({ site }: StartContext): Promise<Command> {
    const folder = paths.data(site, 'stripe')
    mkdirSync(folder, { recursive: true })
    return {
      path: process.execPath,
      args: [
        join(repository, 'src/testing/stripe-fake/serve.ts'),
        String(site.ports.stripe),
        join(folder, 'account.json'),
        `http://127.0.0.1:${site.ports['shipyard-server']}/stripe/webhook`,
        SECRET_KEY,
        WEBHOOK_SECRET,
      ],
    }
  },
  ready: async ({ site }) => assertAccepts({ port: site.ports.stripe }),
}

/** As a server has to be told of it, where its BILLING_ENABLED is true. */
export const stripeEnv = (site: Site): StackEnv => ({
  STRIPE_API_URL: `http://127.0.0.1:${site.ports.stripe}`,
  STRIPE_SECRET_KEY: SECRET_KEY,
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  STRIPE_PRICES: ['business', 'enterprise']
    .flatMap((plan) => ['month', 'year'].map((interval) => `${plan}:${interval}:price_${plan}_${interval}`))
    .join(','),
})
