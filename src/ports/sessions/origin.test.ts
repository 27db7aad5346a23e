import { describe, expect, it } from 'vitest'
import { isFromOurPages, ownOriginsOf } from './origin.ts'

const own = ownOriginsOf('https://app.example.com/')

type Headers = Record<string, string>

describe('lets through', () => {
  it.each([
    ['POST', { origin: 'https://app.example.com' }],
    ['POST', { 'sec-fetch-site': 'same-origin' }],
    ['GET', { 'sec-fetch-site': 'same-origin' }],
    ['GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['GET', {}],
  ] as [string, Headers][])('%s %j', (method, headers) => {
    expect(isFromOurPages({ method, headers }, own)).toBe(true)
  })

  it('a WebSocket of our pages', () => {
    const headers = { origin: 'https://app.example.com' }
    expect(isFromOurPages({ method: 'GET', isUpgrade: true, headers }, own)).toBe(true)
  })
})

describe('refuses', () => {
  it.each([
    ['POST', {}],
    ['POST', { origin: 'null' }],
    ['POST', { origin: '' }],
    ['POST', { origin: 'https://evil.example' }],
    ['POST', { origin: 'http://app.example.com' }],
    ['POST', { origin: 'https://app.example.com:8443' }],
    ['POST', { origin: 'https://tenant.app.example.com' }],
    ['POST', { origin: 'https://app.example.com.evil.example' }],
    ['POST', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
    ['POST', { 'sec-fetch-site': 'same-site' }],
    ['POST', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
    ['POST', { 'sec-fetch-site': 'none' }],
    ['DELETE', { 'sec-fetch-site': 'cross-site' }],
    ['GET', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
    ['GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    ['GET', { origin: 'https://tenant.app.example.com' }],
  ] as [string, Headers][])('%s %j', (method, headers) => {
    expect(isFromOurPages({ method, headers }, own)).toBe(false)
  })

  it.each([{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }] as Headers[])(
    'a WebSocket with %j',
    (headers) => {
      expect(isFromOurPages({ method: 'GET', isUpgrade: true, headers }, own)).toBe(false)
    },
  )
})

it('knows this machine by all its names, on the one port', () => {
  expect(ownOriginsOf('http://localhost:8081')).toEqual(
    new Set(['http://localhost:8081', 'http://127.0.0.1:8081', 'http://[::1]:8081']),
  )
})
