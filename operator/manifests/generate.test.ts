import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

import { PLURALS } from '../../src/contract/crd/meta.ts'
import { generateManifests } from './generate.ts'

interface Definition {
  metadata: { name: string }
  spec: { names: Record<string, unknown>; versions: Record<string, unknown>[] }
}

const files = generateManifests()

it.each(Object.keys(files))('%s is what `npm run gen` writes, every time', (path) => {
  expect(readFileSync(join(import.meta.dirname, '../..', path), 'utf8')).toBe(files[path])
  expect(generateManifests()).toEqual(files)
})

it('names kind, short name and category for kubectl', () => {
  const { metadata, spec } = parse(files['operator/manifests/userdeployments.yaml'] ?? '') as Definition
  expect(metadata.name).toBe(`${PLURALS.UserDeployment}.scheduler.opsnorth.io`)
  expect(spec.names).toMatchObject({ shortNames: ['udep'], categories: ['shipyard'], kind: 'UserDeployment' })
  expect(spec.versions[0]).toMatchObject({
    name: 'v1alpha1',
    served: true,
    storage: true,
    subresources: { status: {} },
  })
  const columns = spec.versions[0]?.additionalPrinterColumns as { name: string; priority?: number }[]
  const shown = columns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name)
  expect(shown).toEqual(['Phase', 'Ready', 'URL', 'Age'])
})
