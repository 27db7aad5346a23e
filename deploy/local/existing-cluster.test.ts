import { expect, it } from 'vitest'
import { lacksOf } from './existing-cluster.ts'

it('says what a cluster lacks, and nothing of one that has all', () => {
  expect(lacksOf(['externalsecrets.external-secrets.io'], ['nginx', 'traefik'])).toEqual([])
  expect(lacksOf(['certificates.cert-manager.io', undefined], [undefined])).toEqual([
    'It has no External Secrets Operator (kind ExternalSecret): apps with secrets will wait for it.',
    'It has no IngressClass named traefik: apps will get no address.',
  ])
})
