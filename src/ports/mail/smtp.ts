/** Letters by SMTP, through nodemailer. */
import { readFile } from 'node:fs/promises'
import { createTransport } from 'nodemailer'

import { fail } from '../../errors.ts'
import type { Mail, MailPort } from './port.ts'

export interface SmtpOptions {
  readonly host: string
  readonly port: number
  /** `tls`: from the first byte; `starttls`: asked for, and nothing is said without it; `none`: on this machine only. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly username?: string | undefined
  /** Read at each connection where it is a file, so that it can be changed without a restart. */
  readonly password?: { readonly value: string } | { readonly file: string } | undefined
  /** `Shipyard <no-reply@example.com>`. */
  readonly from: string
}

/** Each step of a conversation, in milliseconds: a server that says nothing for so long is away. */
const STEP_MS = 10_000

export function smtpMail(options: SmtpOptions): MailPort {
  return {
    async send(mail, { signal } = {}) {
      const transport = createTransport({
        host: options.host,
        port: options.port,
        secure: options.security === 'tls',
        requireTLS: options.security === 'starttls',
        ignoreTLS: options.security === 'none',
        connectionTimeout: STEP_MS,
        greetingTimeout: STEP_MS,
        socketTimeout: STEP_MS,
        ...(options.username ? { auth: { user: options.username, pass: await passwordOf(options) } } : {}),
        // A letter holds what we wrote into it: no file of this machine, no address that is fetched.
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const hangUp = (): void => transport.close()
      signal?.addEventListener('abort', hangUp)
      try {
        await transport.sendMail(letterOf(mail, options.from))
      } catch (error) {
        refuse(error)
      } finally {
        signal?.removeEventListener('abort', hangUp)
        transport.close()
      }
    },
  }
}

async function passwordOf({ password }: SmtpOptions): Promise<string> {
  if (!password) return ''
  return 'file' in password ? (await readFile(password.file, 'utf8')).trim() : password.value
}

const letterOf = ({ id, to, subject, text, html }: Mail, from: string) => ({
  from,
  // An object, so that commas and brackets in an address make no second one.
  to: { name: '', address: to },
  subject,
  text,
  html,
  messageId: `<${id}@${domainOf(from)}>`,
  // No "out of office" in answer to a machine. Source: RFC 3834, section 2.
  headers: { 'auto-submitted': 'auto-generated' },
})

const domainOf = (from: string): string => /@([^\s>]+)>?$/.exec(from)?.[1] ?? 'shipyard.invalid'

/** 5yz is for good, whatever else is worth another try; who may sign in there is the installation's fault. RFC 5321. */
function refuse(error: unknown): never {
  const { responseCode = 0, code = '', response = '' } = error as Partial<SmtpError>
  if (responseCode >= 500 && code !== 'EAUTH') {
    fail('MAIL_REFUSED', { reason: response.slice(0, 200) }, { cause: error })
  }
  const because = error instanceof Error ? error.message : 'it was not said why'
  return fail('MAIL_UNAVAILABLE', {}, { because, cause: error })
}

/** What nodemailer adds to errors. */
interface SmtpError {
  readonly code: string
  readonly responseCode: number
  /** What the server said. */
  readonly response: string
}
