import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { tempTree } from '../testing/temp-tree.ts'
import { checkLock, completed, completeLock, lockProblems } from './lock.ts'

const LOCK = {
  lockfileVersion: 3,
  packages: {
    '': {},
    'node_modules/tool': {
      version: '1.0.0',
      dev: true,
      optionalDependencies: {
        '@tool/linux-x64-gnu': '1.0.0',
        '@tool/linux-x64-musl': '1.0.0',
        '@tool/darwin-arm64': '1.0.0',
        fsevents: '^2.3.0',
      },
    },
    'node_modules/@tool/linux-x64-gnu': { version: '1.0.0', dev: true, optional: true },
  },
}

it('adds the packages of other platforms, so that npm installs them there and nowhere else', () => {
  const { packages } = completed(LOCK)
  expect(Object.keys(packages)).toEqual([
    '',
    'node_modules/@tool/darwin-arm64',
    'node_modules/@tool/linux-x64-gnu',
    'node_modules/@tool/linux-x64-musl',
    'node_modules/tool',
  ])
  expect(packages['node_modules/@tool/darwin-arm64']).toEqual({
    version: '1.0.0',
    cpu: ['arm64'],
    dev: true,
    optional: true,
    os: ['darwin'],
  })
  expect(packages['node_modules/@tool/linux-x64-musl']).toMatchObject({
    os: ['linux'],
    cpu: ['x64'],
    libc: ['musl'],
  })
})

it('says what is left out, until it is completed', async () => {
  const folder = tempTree({ 'package-lock.json': JSON.stringify(LOCK), 'package.json': '{}' })
  expect(await checkLock(folder)).toEqual([
    'package-lock.json leaves out @tool/linux-x64-musl, @tool/darwin-arm64: `npm ci` refuses that. Run `npm run fix`.',
  ])
  await completeLock(folder)
  expect(await checkLock(folder)).toEqual([])
  const written = readFileSync(join(folder, 'package-lock.json'), 'utf8')
  await completeLock(folder)
  expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).toBe(written)
})

it('refuses addresses of packages, but no links within the repository', () => {
  const packages = {
    'node_modules/a': { version: '1.0.0', resolved: 'https://mirror.example/a.tgz' },
    'node_modules/b': { resolved: 'packages/b', link: true },
  }
  expect(lockProblems({ packages }, {})).toEqual([expect.stringContaining('where node_modules/a came from')])
})

it('refuses ranges', () => {
  const dependencies = { a: '^1.0.0', b: '1.0.0', c: '2.0.0-beta.1', d: 'npm:typescript@6.0.3', e: 'latest' }
  const problems = lockProblems({ packages: {} }, { dependencies, devDependencies: { f: '~1.0.0' } })
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'package.json asks for a ^1.0.0',
    'package.json asks for e latest',
    'package.json asks for f ~1.0.0',
  ])
})
