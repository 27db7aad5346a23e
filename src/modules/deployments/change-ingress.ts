/** Pure: how requests are taken in by what answers them. */
import type { IngressManner } from '../../contract/crd/ingress.ts'
import { fail } from '../../errors.ts'
import type { RevisionSpec } from './revision-spec.ts'

export const NO_INGRESS = {
  problem: 'It answers no requests from outside, so nothing can be set about them.',
}

type Ingress = NonNullable<RevisionSpec['ingress']>

/** The same door with another manner; the same altogether without one. */
export const takenIn = (ingress: Ingress, manner: IngressManner | undefined): Ingress =>
  manner ? { service: ingress.service, port: ingress.port, ...manner } : ingress

/** @throws {AppError} INVALID_INPUT for a deployment that answers no requests */
export function withManner(spec: RevisionSpec, manner: IngressManner): RevisionSpec {
  const { ingress } = spec
  return ingress ? { ...spec, ingress: takenIn(ingress, manner) } : fail('INVALID_INPUT', NO_INGRESS)
}
