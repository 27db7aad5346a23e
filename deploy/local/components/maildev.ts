import { join } from 'node:path'
import type { Command, Component, StartContext } from '../component.ts'
import { assertAccepts } from '../probe.ts'

const program = join(import.meta.dirname, '../../../node_modules/.bin/maildev')

/** Takes every letter, sends none on, and shows them on a page. It keeps them in memory. */
export const maildev: Component = {
  name: 'maildev',
  about: 'Mail server and letter box (maildev)',
  needs: [],
  start: async ({ site }: StartContext): Promise<Command> => ({
    path: process.execPath,
    args: [
      program,
      ...['--smtp', String(site.ports['maildev-smtp']), '--ip', '127.0.0.1'],
      ...['--web', String(site.ports['maildev-web']), '--web-ip', '127.0.0.1'],
      ...['--max-emails', '500'],
    ],
  }),
  ready: async ({ site }) => {
    await assertAccepts({ port: site.ports['maildev-smtp'] })
    await assertAccepts({ port: site.ports['maildev-web'] })
  },
}
