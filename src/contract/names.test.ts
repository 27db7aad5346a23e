import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import {
  childName,
  DEFAULT_NAMESPACE_PATTERN,
  DEFAULT_TASK_NAMESPACE_PREFIX,
  Dns1123Label,
  Domain,
  EnvName,
  FilePath,
  generateName,
  hostFor,
  HostName,
  NamespacePattern,
  namespaceFor,
  ResourceName,
  SecretKey,
  ServiceName,
  TaskNamespacePrefix,
  taskNamespaceFor,
  TemplateName,
  tenantOf,
  VaultPath,
  vaultPaths,
  VolumeName,
} from './names.ts'
import { newId } from './ids.ts'
import { arbitraryId, arbitraryName } from './testing/arbitrary-spec.ts'
import { HOSTILE } from './testing/hostile.ts'

const schemas = {
  Dns1123Label,
  ResourceName,
  ServiceName,
  VolumeName,
  TemplateName,
  SecretKey,
  EnvName,
  HostName,
  Domain,
  NamespacePattern,
  TaskNamespacePrefix,
  FilePath,
  VaultPath,
}
const each = Object.entries(schemas)
/** Those that become one segment of a path. */
const segments = each.filter(([name]) => name !== 'FilePath' && name !== 'VaultPath')

const tenant = fc.record({ userId: arbitraryId('usr'), orgId: arbitraryId('org') })
const word = fc.stringMatching(/^[a-z](?:-?[a-z0-9]){0,8}$/)

describe.each(each)('%s', (_, schema) => {
  it('refuses every known way out of a path', () => {
    for (const value of HOSTILE) expect(schema.safeParse(value).success, JSON.stringify(value)).toBe(false)
  })

  it('takes from random texts only what no path, selector or header changes its meaning by', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('a', 'z', '0', '-', '.', '/', '_', '%', '2', '\n', ':', '{', '}', '@'),
      }),
    )
    fc.assert(
      fc.property(text, (value) => {
        const result = schema.safeParse(value)
        if (!result.success) return
        expect(result.data).toBe(value)
        expect(value).toMatch(/^[\w./{}@+-]+$/)
        expect(value.split('/')).not.toContain('..')
        expect(value.split('/')).not.toContain('.')
      }),
      { numRuns: 3000 },
    )
  })

  it('says one sentence, whatever is wrong', () => {
    const [first] = schema.safeParse(undefined).error?.issues ?? []
    for (const value of [7, '', '-', 'x'.repeat(5000)]) {
      expect(schema.safeParse(value).error?.issues.map(({ message }) => message)).toEqual([first?.message])
    }
  })
})

it.each(segments)('%s holds one segment', (_, schema) => {
  for (const value of ['a/b', '/a', 'a/', 'a%2fb', 'a\\b', 'a?b', 'a#b', 'a b']) {
    expect(schema.safeParse(value).success, value).toBe(false)
  }
})

it('refuses labels of 64 characters', () => {
  expect(Dns1123Label.safeParse('a'.repeat(63)).success).toBe(true)
  expect(Dns1123Label.safeParse('a'.repeat(64)).success).toBe(false)
  expect(HostName.safeParse(`${'a'.repeat(64)}.example.com`).success).toBe(false)
})

it('generates names of ten characters that begin with a letter', () => {
  for (let i = 0; i < 2000; i++) expect(ResourceName.parse(generateName())).toMatch(/^[a-z][a-z2-7]{9}$/)
})

describe('namespaces', () => {
  const patterns = [
    'sandbox-{userId}-{orgId}',
    '{orgId}-{userId}',
    'a1-{orgId}-x-{userId}',
    '{userId}-at-{orgId}',
  ]
  it.each(patterns)('made by %s are labels, and no two tenants share one', (text) => {
    const pattern = NamespacePattern.parse(text)
    fc.assert(
      fc.property(tenant, tenant, (a, b) => {
        const name = namespaceFor(pattern, a)
        expect(Dns1123Label.parse(name)).toBe(name)
        const isSame = a.userId === b.userId && a.orgId === b.orgId
        expect(namespaceFor(pattern, b) === name).toBe(isSame)
        expect(tenantOf(pattern, name)).toEqual(a)
        expect(tenantOf(pattern, `${name}a`)).toBeUndefined()
        expect(tenantOf(pattern, `a${name}`)).toBeUndefined()
      }),
    )
  })

  it.each([
    ...['sandbox-{userId}', 'sandbox-{orgId}', 'sandbox', '', '{userId}{orgId}', 'sandbox{userId}-{orgId}'],
    ...[
      'sandbox-{userId}-{orgId}-{orgId}',
      '-{userId}-{orgId}',
      'Sandbox-{userId}-{orgId}',
      '{userId}-{orgid}',
    ],
    ...['sandboxes-are-{userId}-{orgId}', '{userId}-{orgId}-', '{userId}/{orgId}', '1-{userId}-{orgId}'],
  ])('are refused by the pattern %s', (text) => {
    expect(NamespacePattern.safeParse(text).success).toBe(false)
  })

  it('may have 13 characters besides the two ids', () => {
    const pattern = NamespacePattern.parse('sandboxes-a-{userId}-{orgId}')
    expect(namespaceFor(pattern, { userId: newId('usr'), orgId: newId('org') })).toHaveLength(63)
    expect(NamespacePattern.safeParse('sandboxes-ab-{userId}-{orgId}').success).toBe(false)
  })

  it('of agent tasks keep tenants apart too, and fit exactly', () => {
    const [a, b] = [
      { userId: newId('usr'), orgId: newId('org') },
      { userId: newId('usr'), orgId: newId('org') },
    ]
    const name = taskNamespaceFor(DEFAULT_TASK_NAMESPACE_PREFIX, a)
    expect(name).toHaveLength(63)
    expect(Dns1123Label.parse(name)).toBe(name)
    expect(taskNamespaceFor(DEFAULT_TASK_NAMESPACE_PREFIX, b)).not.toBe(name)
    expect(TaskNamespacePrefix.safeParse('agents-tasks').success).toBe(false)
  })

  it('of deployments and of agent tasks never meet', () => {
    fc.assert(
      fc.property(tenant, (of) => {
        const both = [
          namespaceFor(DEFAULT_NAMESPACE_PATTERN, of),
          taskNamespaceFor(DEFAULT_TASK_NAMESPACE_PREFIX, of),
        ]
        expect(new Set(both).size).toBe(2)
      }),
    )
  })
})

it('gives different objects of a deployment different names that are labels', () => {
  const name = arbitraryName.map((text) => ResourceName.parse(text))
  const service = fc.option(
    word.map((text) => ServiceName.parse(text)),
    { nil: undefined },
  )
  const part = fc.option(
    word.map((text) => VolumeName.parse(text)),
    { nil: undefined },
  )
  const child = fc
    .tuple(name, service, part)
    .map(([of, first, second]) => [of, first, first === undefined ? undefined : second] as const)
  fc.assert(
    fc.property(child, child, (a, b) => {
      expect(Dns1123Label.parse(childName(...a))).toBe(childName(...a))
      expect(childName(...a) === childName(...b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }),
  )
  const longest = childName(
    ResourceName.parse('a'.repeat(10)),
    ServiceName.parse('s'.repeat(30)),
    VolumeName.parse('v'.repeat(20)),
  )
  expect(longest).toHaveLength(63)
})

describe('host names', () => {
  const domain = Domain.parse('apps.example.com')

  it('are generated below the domain', () => {
    const name = generateName()
    expect(hostFor(name, domain)).toBe(`${name}.apps.example.com`)
    expect(HostName.parse(hostFor(name, domain))).toBe(hostFor(name, domain))
    expect(HostName.parse(hostFor(name, Domain.parse('localhost')))).toBe(`${name}.localhost`)
    const longest = Domain.parse(`${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(59)}`)
    expect(HostName.parse(hostFor(name, longest))).toHaveLength(253)
  })
})

describe('paths in Vault', () => {
  const of = fc.record({
    userId: arbitraryId('usr'),
    orgId: arbitraryId('org'),
    name: arbitraryName.map((text) => ResourceName.parse(text)),
    template: word.map((text) => TemplateName.parse(text)),
    service: word.map((text) => ServiceName.parse(text)),
  })

  it('are built as they are checked', () => {
    fc.assert(
      fc.property(of, ({ userId, orgId, name, template, service }) => {
        const paths = [
          vaultPaths.organisation(orgId),
          vaultPaths.user(userId),
          vaultPaths.template({ userId, template }),
          vaultPaths.template({ userId, template, service }),
          vaultPaths.deployment({ userId, name }),
          vaultPaths.deployment({ userId, name, service }),
        ]
        for (const path of paths) expect(VaultPath.parse(path)).toBe(path)
        expect(new Set(paths).size).toBe(paths.length)
      }),
    )
  })

  it('look as the documentation says', () => {
    const body = 'a'.repeat(25)
    const userId = `usr_${body}` as ReturnType<typeof newId<'usr'>>
    const service = ServiceName.parse('web')
    expect(vaultPaths.template({ userId, template: TemplateName.parse('hello-stack'), service })).toBe(
      `users/${body}/templates/hello-stack/services/web`,
    )
    expect(vaultPaths.deployment({ userId, name: ResourceName.parse('abcdefghij') })).toBe(
      `users/${body}/deployments/abcdefghij`,
    )
  })

  it.each(['secret/data/x', 'users/a/secrets', `users/${'a'.repeat(25)}`, `users/${'a'.repeat(25)}/../x`])(
    'are refused: %s',
    (path) => expect(VaultPath.safeParse(path).success).toBe(false),
  )
})

it.each(['/etc/app.conf', '/a', '/.hidden', '/..data', '/...', '/a.b/c+d@e_f-g'])(
  'takes the file %s',
  (path) => {
    expect(FilePath.parse(path)).toBe(path)
  },
)

it.each(['a', '/', '/a/', '//a', '/a//b', '/..', '/a/../b', '/./a', '/a b', '/ä', '/a\n'])(
  'refuses the file %j',
  (path) => expect(FilePath.safeParse(path).success).toBe(false),
)
