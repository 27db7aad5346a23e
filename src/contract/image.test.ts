import fc from 'fast-check'
import { expect, it } from 'vitest'

import { fullName, ImageDigest, ImageReference, parseImage, taggedImage, withDigest } from './image.ts'
import { HOSTILE } from './testing/hostile.ts'

const HEX = 'a'.repeat(64)

it.each([
  ['nginx', { registry: 'docker.io', repository: 'library/nginx', tag: 'latest' }],
  ['postgres:15', { registry: 'docker.io', repository: 'library/postgres', tag: '15' }],
  ['grafana/loki:2.9.0', { registry: 'docker.io', repository: 'grafana/loki', tag: '2.9.0' }],
  ['ghcr.io/a/b/c:v1', { registry: 'ghcr.io', repository: 'a/b/c', tag: 'v1' }],
  ['localhost/a', { registry: 'localhost', repository: 'a', tag: 'latest' }],
  [
    'registry.localhost:5000/shipyard/hello:1',
    { registry: 'registry.localhost:5000', repository: 'shipyard/hello', tag: '1' },
  ],
  ['host:5000/a', { registry: 'host:5000', repository: 'a', tag: 'latest' }],
  ['MyHost/a', { registry: 'MyHost', repository: 'a', tag: 'latest' }],
  ['[2001:db8::1]:5000/a', { registry: '[2001:db8::1]:5000', repository: 'a', tag: 'latest' }],
  [`a@sha256:${HEX}`, { registry: 'docker.io', repository: 'library/a', digest: `sha256:${HEX}` }],
  [`ghcr.io/a:1@sha256:${HEX}`, { registry: 'ghcr.io', repository: 'a', tag: '1', digest: `sha256:${HEX}` }],
])('takes %s apart', (text, parts) => {
  expect(parseImage(ImageReference.parse(text))).toEqual(parts)
})

it.each([
  ...[
    '',
    'Nginx',
    'nginx:',
    ':1',
    'nginx:a b',
    'nginx@',
    `nginx@sha256:${'a'.repeat(63)}`,
    `nginx@md5:${HEX}`,
  ],
  ...[
    'a//b',
    '/a',
    'a/',
    'a/../b',
    'https://ghcr.io/a',
    'ghcr.io/A',
    'a..b',
    'a___b',
    'a-',
    '-a',
    'a:.1',
    'a:1:2',
  ],
  ...[`a:${'1'.repeat(129)}`, 'a?b', 'a#b', 'user@host/a', 'a\n', 'host:123456/a'],
  ...HOSTILE.filter(
    (text) => text !== 'a:b' && text !== '127.0.0.1' && text !== '1.5' && text !== 'a'.repeat(5000),
  ),
])('refuses %j', (text) => {
  expect(ImageReference.safeParse(text).success).toBe(false)
})

it('gives a digest to an image, in the place of the one before', () => {
  const digest = ImageDigest.parse(`sha256:${HEX}`)
  expect(withDigest(ImageReference.parse('ghcr.io/a:1'), digest)).toBe(`ghcr.io/a:1@sha256:${HEX}`)
  expect(withDigest(ImageReference.parse(`a@sha256:${'b'.repeat(64)}`), digest)).toBe(`a@sha256:${HEX}`)
})

it('names the same image when taken apart and put together', () => {
  const reference = fc.stringMatching(
    /^(?:[a-z]{1,4}\.[a-z]{2}(?::[0-9]{1,4})?\/)?[a-z0-9]{1,5}(?:\/[a-z0-9]{1,5}){0,2}(?::[A-Za-z0-9_]{1,6})?$/,
  )
  fc.assert(
    fc.property(reference, (text) => {
      const { registry, repository, tag } = parseImage(ImageReference.parse(text))
      const whole = ImageReference.parse(`${registry}/${repository}:${tag}`)
      expect(parseImage(whole)).toEqual({ registry, repository, tag })
    }),
  )
})

it('is quick to refuse long texts that almost fit', () => {
  const started = performance.now()
  for (const text of [
    'a'.repeat(499) + '!',
    'a-'.repeat(249) + '!',
    'a.'.repeat(249),
    'a/'.repeat(249),
    '[' + ':'.repeat(498),
  ]) {
    expect(ImageReference.safeParse(text).success).toBe(false)
  }
  expect(performance.now() - started).toBeLessThan(1000)
})

it.each([
  ['nginx:1', 'nginx:1', 'docker.io/library/nginx:1'],
  [`ghcr.io/a:1@sha256:${HEX}`, 'ghcr.io/a:1', 'ghcr.io/a:1'],
  ['host:5000/a:x', 'host:5000/a:x', 'host:5000/a:x'],
  ['docker.io/library/nginx:1', 'docker.io/library/nginx:1', 'docker.io/library/nginx:1'],
  ['host:5000/a', undefined, 'host:5000/a:latest'],
  ['nginx', undefined, 'docker.io/library/nginx:latest'],
  [`host:5000/a@sha256:${HEX}`, undefined, 'host:5000/a:latest'],
])('finds the tag that is written in %s', (text, tagged, full) => {
  const image = ImageReference.parse(text)
  expect(taggedImage(image)).toBe(tagged)
  expect(fullName(image)).toBe(full)
})
