import type { Log } from '../log.ts'

/** Keeps what is logged: `error A reconcile failed.` */
export class MemoryLog implements Log {
  readonly lines: string[] = []
  debug = this.#keep('debug')
  info = this.#keep('info')
  warn = this.#keep('warn')
  error = this.#keep('error')

  #keep(level: string): (fields: object, message: string) => void {
    return (_, message) => void this.lines.push(`${level} ${message}`)
  }
}
