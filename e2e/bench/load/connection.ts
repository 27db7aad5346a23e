/** One keep-alive connection that speaks as little HTTP/1.1 as a load generator needs: it must cost less than a server. */
import { connect, type Socket } from 'node:net'

export interface Connection {
  /** One request after another; answers the status. */
  ask(request: Buffer): Promise<number>
  close(): void
}

interface Waiting {
  readonly resolve: (status: number) => void
  readonly reject: (error: Error) => void
}

const HEADER_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'

export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return over(socket)
}

function over(socket: Socket): Connection {
  let waiting: Waiting | undefined
  let answer = new Answer()
  const fail = (error: Error): void => {
    waiting?.reject(error)
    waiting = undefined
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The server closed the connection.')))
  socket.on('data', (chunk: Buffer) => {
    answer.take(chunk)
    if (!answer.isWhole) return
    const { status } = answer
    const done = waiting
    answer = new Answer()
    waiting = undefined
    done?.resolve(status)
  })
  return {
    ask: async (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => void socket.destroy(),
  }
}

/** As much of an answer as has come; its body is counted and thrown away. */
class Answer {
  status = 0
  isWhole = false
  private head = ''
  private missing = 0
  private tail = ''
  private isChunked = false

  take(chunk: Buffer): void {
    if (this.status > 0) return this.takeBody(chunk)
    this.head += chunk.toString('latin1')
    const end = this.head.indexOf(HEADER_END)
    if (end === -1) return
    const head = this.head.slice(0, end)
    this.status = Number(head.slice(9, 12))
    this.missing = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    this.isChunked = /^transfer-encoding: *chunked/im.test(head)
    this.takeBody(Buffer.from(this.head.slice(end + HEADER_END.length), 'latin1'))
  }

  private takeBody(chunk: Buffer): void {
    this.missing -= chunk.length
    if (this.isChunked)
      this.tail = (this.tail + chunk.toString('latin1', Math.max(0, chunk.length - 5))).slice(-5)
    this.isWhole = this.isChunked ? this.tail === LAST_CHUNK : this.missing <= 0
  }
}
