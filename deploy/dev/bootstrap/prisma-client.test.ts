import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { root as repository } from '../root.ts'
import { environmentWith } from '../settings.ts'
import { tempTree } from '../testing/temp-tree.ts'
import { ensurePrismaClient } from './prisma-client.mjs'

/** Counts its runs, as `prisma generate` would write the client. */
const FAKE_PRISMA = `
const { appendFileSync, mkdirSync } = require('node:fs')
mkdirSync('prisma/dist', { recursive: true })
appendFileSync('prisma/dist/runs', process.argv[2] + '\\n')
`

function tree(files: Record<string, string> = {}): string {
  return tempTree({
    'prisma/schema.prisma': 'model A {}',
    'node_modules/prisma/package.json': '{"version":"1.0.0"}',
    'node_modules/prisma/build/index.js': FAKE_PRISMA,
    ...files,
  })
}

const ensure = async (root: string): Promise<void> =>
  ensurePrismaClient({ root, node: process.execPath, env: environmentWith({}) })
const runs = (root: string): number =>
  readFileSync(join(root, 'prisma/dist/runs'), 'utf8').split('\n').length - 1

it('generates once, and again when the schema or the version of Prisma is another', async () => {
  const root = tree()
  await ensure(root)
  await ensure(root)
  expect(runs(root)).toBe(1)
  writeFileSync(join(root, 'prisma/schema.prisma'), 'model B {}')
  await ensure(root)
  expect(runs(root)).toBe(2)
  writeFileSync(join(root, 'node_modules/prisma/package.json'), '{"version":"1.0.1"}')
  await ensure(root)
  expect(runs(root)).toBe(3)
})

it('generates once when several commands start together', async () => {
  const root = tree()
  await Promise.all([ensure(root), ensure(root), ensure(root)])
  expect(runs(root)).toBe(1)
})

it('passes on what Prisma says against the schema, and tries again the next time', async () => {
  const root = tree({
    'node_modules/prisma/build/index.js': `process.stderr.write('line 3 is wrong'); process.exit(1)`,
  })
  await expect(ensure(root)).rejects.toThrow('Prisma said:\nline 3 is wrong')
  writeFileSync(join(root, 'node_modules/prisma/build/index.js'), FAKE_PRISMA)
  await ensure(root)
  expect(runs(root)).toBe(1)
})

it('leaves an installation without development packages as it is', async () => {
  const root = tempTree({ 'prisma/schema.prisma': 'model A {}' })
  await ensure(root)
  expect(existsSync(join(root, 'prisma/dist'))).toBe(false)
})

it('generates the real client without a download', async () => {
  const root = tempTree({
    'prisma/schema.prisma': readFileSync(join(repository, 'prisma/schema.prisma'), 'utf8'),
    'prisma.config.ts': readFileSync(join(repository, 'prisma.config.ts'), 'utf8'),
  })
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  chmodSync(root, 0o755)
  // Whatever is asked for over the network fails.
  const env = environmentWith({ HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' })
  await ensurePrismaClient({ root, node: process.execPath, env })
  expect(existsSync(join(root, 'prisma/dist/client.ts'))).toBe(true)
})
