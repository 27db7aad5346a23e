import type { Command, Component, StartContext } from '../component.ts'
import { assertAccepts } from '../probe.ts'

/** stripe-mock checks requests against Stripe's OpenAPI document. It keeps no state. */
export const stripeMock: Component = {
  name: 'stripe-mock',
  about: 'Stripe, as checked by stripe-mock',
  needs: [],
  programs: ['stripe-mock'],
  start: async ({ site, program }: StartContext): Promise<Command> => ({
    path: program('stripe-mock'),
    args: [
      '-http-addr',
      `127.0.0.1:${site.ports['stripe-mock']}`,
      '-https-addr',
      `127.0.0.1:${site.ports['stripe-mock-https']}`,
    ],
  }),
  ready: async ({ site }) => assertAccepts({ port: site.ports['stripe-mock'] }),
}
