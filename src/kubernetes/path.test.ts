import fc from 'fast-check'
import { expect, it } from 'vitest'
import { queryString, resourcePath, rootPath, SUBRESOURCES, UnsafePathError } from './path.ts'

const core = { group: '', version: 'v1', plural: 'pods' }
const apps = { group: 'apps', version: 'v1', plural: 'deployments' }

it.each([
  [{ ...core }, '/api/v1/pods'],
  [{ ...core, namespace: 'a-1' }, '/api/v1/namespaces/a-1/pods'],
  [
    { ...core, namespace: 'a', name: 'x.y-z', subresource: 'log' as const },
    '/api/v1/namespaces/a/pods/x.y-z/log',
  ],
  [{ ...apps, namespace: 'a', name: 'x' }, '/apis/apps/v1/namespaces/a/deployments/x'],
  [
    {
      group: 'scheduler.opsnorth.io',
      version: 'v1alpha1',
      plural: 'userdeployments',
      namespace: 'a',
      name: 'x',
    },
    '/apis/scheduler.opsnorth.io/v1alpha1/namespaces/a/userdeployments/x',
  ],
  [{ group: '', version: 'v1', plural: 'namespaces', name: 'a' }, '/api/v1/namespaces/a'],
])('writes %j as %s', (parts, path) => {
  expect(resourcePath(parts)).toBe(path)
})

const HOSTILE = [
  '',
  '.',
  '..',
  '...',
  '../../kube-system/secrets/x',
  'a/b',
  'a%2fb',
  '%2e%2e',
  '..;',
  'a?watch=true',
  'a#b',
  'a b',
  'a\r\nHost: evil',
  'a\u0000',
  '\u2024\u2024',
  '\uff0e\uff0e',
  '\u0430bc',
  'A',
  '-a',
  'a-',
  'a..b',
  '.a',
  'a.',
  'a\\b',
  'a:b',
  `a${'b'.repeat(300)}`,
]

it.each(HOSTILE)('refuses %j wherever it stands', (text) => {
  for (const part of ['version', 'plural', 'namespace', 'name', 'group'] as const) {
    // An empty group is the core group.
    if (part === 'group' && text === '') continue
    expect(() => resourcePath({ ...apps, namespace: 'a', name: 'b', [part]: text }), part).toThrow(
      UnsafePathError,
    )
  }
  const subresource = text as 'log'
  expect(() => resourcePath({ ...apps, namespace: 'a', name: 'b', subresource })).toThrow(UnsafePathError)
})

it('refuses what is no text, a subresource of nothing, and a namespace with dots', () => {
  const notText = { toString: () => 'x' } as unknown as string
  expect(() => resourcePath({ ...core, namespace: 'a', name: notText })).toThrow(UnsafePathError)
  expect(() => resourcePath({ ...core, namespace: 'a', subresource: 'log' })).toThrow(UnsafePathError)
  expect(() => resourcePath({ ...core, namespace: 'a.b' })).toThrow(UnsafePathError)
  expect(() => resourcePath({ ...core, namespace: 'a'.repeat(64) })).toThrow(UnsafePathError)
})

it('quotes and cuts what it refuses', () => {
  expect(() => resourcePath({ ...core, name: `a\n${'b'.repeat(200)}` })).toThrow(
    `"a\\n${'b'.repeat(78)}" cannot be a name of the Kubernetes API.`,
  )
})

/** Texts from the pieces that break parsers, mixed with good ones. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE.slice(0, -1), 'ok', 'web-1'),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    {
      maxLength: 4,
    },
  )
  .map((pieces) => pieces.join(''))

/** The segments as a server reads them: what a URL parser makes of the path, decoded. */
function segmentsOrRefusal(parts: Parameters<typeof resourcePath>[0]): string[] | 'refused' {
  try {
    return new URL(resourcePath(parts), 'https://api').pathname.split('/').map(decodeURIComponent)
  } catch (error) {
    if (error instanceof UnsafePathError) return 'refused'
    throw error
  }
}

it('gives a path in which every part stands where it was put, or none at all', () => {
  fc.assert(
    fc.property(nasty, nasty, fc.constantFrom(undefined, ...SUBRESOURCES), (namespace, name, subresource) => {
      const tail = subresource ? { subresource } : {}
      const segments = segmentsOrRefusal({ ...core, namespace, name, ...tail })
      const asWritten = ['', 'api', 'v1', 'namespaces', namespace, 'pods', name, ...Object.values(tail)]
      expect(['refused', asWritten]).toContainEqual(segments)
    }),
    { numRuns: 5_000 },
  )
})

it('gives a path for every good name', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,10}[a-z0-9])?$/), (name) => {
      expect(segmentsOrRefusal({ ...core, namespace: name, name })).toContain(name)
    }),
  )
})

it('writes queries with zero and false, and without what is undefined', () => {
  expect(queryString()).toBe('')
  expect(queryString({ a: undefined })).toBe('')
  expect(queryString({ tailLines: 0, follow: false, container: 'a&b=c#d', x: undefined })).toBe(
    '?tailLines=0&follow=false&container=a%26b%3Dc%23d',
  )
})

it('knows the paths that name no resource', () => {
  expect(rootPath('/readyz')).toBe('/readyz')
})
