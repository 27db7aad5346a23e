import { expect, it } from 'vitest'

import { parseListenAddress } from './listen-address.ts'

it.each([
  ['127.0.0.1:8081', '127.0.0.1', 8081],
  ['localhost:0', 'localhost', 0],
  [':8081', '::', 8081],
  ['[::1]:8081', '::1', 8081],
])('reads %s', (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ host, port })
})

it.each(['', '8081', 'localhost', 'localhost:', ':65536', ':-1', '::1:80', 'a b:80', 'http://a:80', '[::1]'])(
  'takes %j for no address',
  (text) => {
    expect(parseListenAddress(text)).toBeUndefined()
  },
)
