import { connect } from 'node:net'
import type { Command, Component, StartContext } from '../component.ts'

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
  async ready({ site }) {
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: site.ports['stripe-mock'], timeout: 1_000 })
      socket.once('connect', () => {
        socket.destroy()
        resolve()
      })
      socket.once('error', reject)
      socket.once('timeout', () => reject(new Error('it does not answer')))
    })
  },
}
