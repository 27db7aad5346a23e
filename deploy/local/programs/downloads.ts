import { Http } from './http.ts'
import type { Reach } from './reach.ts'
import { Slots } from './slots.ts'

const atOnce = 4

/** What all downloads of a store share: how many go on at once. */
export class Downloads {
  readonly http: Http
  readonly slots = new Slots(atOnce)

  constructor(reach: Reach, connectTimeoutMs: number) {
    this.http = new Http(reach, connectTimeoutMs)
  }
}
