import { Http } from './http.ts'
import { Slots } from './slots.ts'

const atOnce = 4

/** What all downloads of a store share: how many go on at once, and which hosts were found unreachable. */
export class Downloads {
  readonly http: Http
  readonly slots = new Slots(atOnce)

  constructor(connectTimeoutMs: number) {
    this.http = new Http(connectTimeoutMs)
  }
}
