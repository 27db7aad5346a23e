import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { smtpMail } from './smtp.ts'
import { aLetter, conformsToMailPort } from './testing/conformance.ts'
import { startLetterBox, type LetterBox } from './testing/maildev.ts'

const at = (port: number, given: Partial<Parameters<typeof smtpMail>[0]> = {}) =>
  smtpMail({ host: '127.0.0.1', port, security: 'none', from: 'Shipyard <no-reply@example.com>', ...given })

let box: LetterBox
let refusing: { port: number; close: () => void }
beforeAll(async () => {
  box = await startLetterBox()
  refusing = await scripted((line) => (line.startsWith('RCPT') ? '550 no such mailbox' : undefined))
})
afterAll(async () => {
  refusing.close()
  await box.close()
})

describe('with a real mail server', () => {
  conformsToMailPort(() => ({
    mail: {
      ...at(box.smtpPort),
      send: async (mail) => at(mail.to === 'nobody@example.com' ? refusing.port : box.smtpPort).send(mail),
    },
    away: at(1),
    unknown: 'nobody@example.com',
    taken: async () => box.letters(),
  }))

  it('says who sends, names the letter, and asks for no automatic answer', async () => {
    await at(box.smtpPort).send(aLetter({ id: 'out_42' }))
    const letter = (await box.letters()).at(-1)
    expect(letter?.from).toEqual([{ address: 'no-reply@example.com', name: 'Shipyard' }])
    expect(letter?.headers['message-id']).toBe('<out_42@example.com>')
    expect(letter?.headers['auto-submitted']).toBe('auto-generated')
  })
})

describe('with a server that misbehaves', () => {
  const servers: { close: () => void }[] = []
  afterEach(() => servers.splice(0).forEach((each) => each.close()))
  const sending = async (answer: Answer, given = {}): Promise<unknown> => {
    const server = await scripted(answer)
    servers.push(server)
    return at(server.port, given)
      .send(aLetter())
      .then(
        () => 'sent',
        (error: unknown) => (error as { code: string }).code,
      )
  }

  it.each([
    ['says later', (line: string) => (line.startsWith('RCPT') ? '451 try later' : undefined)],
    ['has no room', (line: string) => (line.startsWith('MAIL') ? '452 no room' : undefined)],
    ['hangs up', () => null],
    ['speaks nonsense', () => 'what?'],
  ])('that %s, the letter is tried again', async (_, answer) => {
    expect(await sending(answer)).toBe('MAIL_UNAVAILABLE')
  })

  it('sends nothing in clear words where TLS was asked for', async () => {
    const said: string[] = []
    const listen: Answer = (line) => (said.push(line), undefined)
    const password = { username: 'u', password: { value: 'p' }, security: 'starttls' }
    expect(await sending(listen, password)).toBe('MAIL_UNAVAILABLE')
    expect(said.join('\n')).not.toMatch(/AUTH|MAIL FROM/)
  })

  it('takes a wrong password for a fault of the installation, not of the letter', async () => {
    const answer: Answer = (line) => {
      if (line.startsWith('EHLO')) return '250-x\r\n250 AUTH PLAIN'
      return line.startsWith('AUTH') ? '535 no' : undefined
    }
    expect(await sending(answer, { username: 'u', password: { value: 'p' } })).toBe('MAIL_UNAVAILABLE')
  })
})

/** What it says to a line; nothing: 250, null: it hangs up. */
type Answer = (line: string) => string | null | undefined

async function scripted(answer: Answer): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.write('220 hello\r\n')
    socket.setEncoding('utf8').on('data', (data: string) => {
      for (const line of data.split('\r\n').filter(Boolean)) {
        const said = answer(line)
        if (said === null) socket.destroy()
        else socket.write(`${said ?? '250 ok'}\r\n`)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = (): void => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { port: (server.address() as AddressInfo).port, close }
}
