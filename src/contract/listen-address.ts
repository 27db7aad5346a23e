/** Where a process of ours listens, as Go programs take it. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** `host:port`, `[v6]:port`, or `:port` for all interfaces; undefined for what is none of them. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s/]*):(\d{1,5})$/.exec(text)
  if (!match) return undefined
  const [, host = '', number = ''] = match
  const port = Number(number)
  return port > 65_535 ? undefined : { host: host === '' ? '::' : host.replace(/^\[|\]$/g, ''), port }
}
