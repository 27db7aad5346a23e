import { expect, it } from 'vitest'

import { redirected } from './http.ts'

it('follows no redirect out of TLS', () => {
  const from = new URL('https://releases.example/etcd')
  expect(redirected(from, '/files/etcd').href).toBe('https://releases.example/files/etcd')
  expect(redirected(from, 'https://files.example/etcd').href).toBe('https://files.example/etcd')
  expect(() => redirected(from, 'http://files.example/etcd')).toThrow(/without TLS/)
})
