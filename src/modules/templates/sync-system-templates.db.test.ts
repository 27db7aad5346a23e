import { expect, it } from 'vitest'

import { useTestDb } from '../../testing/db.ts'
import { syncSystemTemplates } from './sync-system-templates.ts'
import { readSystemTemplates } from './system-templates.ts'

const test = useTestDb()

it('adds what is missing, once, however many servers start at the same time', async () => {
  const all = readSystemTemplates().length
  const counts = await Promise.all([1, 2, 3].map(async () => syncSystemTemplates(test)))
  expect(counts.reduce((sum, each) => sum + each, 0)).toBe(all)
  expect(await test.db.prisma.template.count({ where: { scope: 'system' } })).toBe(all)
  expect(await syncSystemTemplates(test)).toBe(0)
})

it('gives a new version to what changed and to nothing else', async () => {
  const templates = readSystemTemplates()
  await syncSystemTemplates(test, templates)
  const changed = templates.map((template) =>
    template.name === 'hello'
      ? {
          ...template,
          document: {
            ...template.document,
            services: template.document.services.slice(0, 1).map((service) => ({ ...service, replicas: 2 })),
          },
        }
      : template,
  )
  expect(await syncSystemTemplates(test, changed)).toBe(1)
  const { currentVersion } = await test.db.prisma.template.findFirstOrThrow({ where: { name: 'hello' } })
  expect(currentVersion).toBe(2)
})
