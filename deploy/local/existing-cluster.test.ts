import { expect, it } from 'vitest'
import { GROUP, PLURALS } from '../../src/contract/crd/meta.ts'
import { lacksOf } from './existing-cluster.ts'

/** As `operator/manifests` defines them. */
const OURS = [`${PLURALS.UserDeployment}.${GROUP}`]

it('says what a cluster lacks, and nothing of one that has all', () => {
  expect(lacksOf([...OURS, 'externalsecrets.external-secrets.io'], ['nginx', 'traefik'])).toEqual([])
  expect(lacksOf(['certificates.cert-manager.io', undefined], [undefined])).toEqual([
    'It does not define Shipyard’s kinds (UserDeployment): deployments wait until `kubectl apply -f operator/manifests` has put them there.',
    'It has no External Secrets Operator (kind ExternalSecret): apps with secrets will wait for it.',
    'It has no IngressClass named traefik: apps will get no address.',
  ])
})
