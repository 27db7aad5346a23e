/** Pure: a revision with one service changed. */
import type { Service } from '../../contract/crd/service.ts'
import { Service as ServiceSchema } from '../../contract/crd/service.ts'
import { dependencyRules, sizeRules } from '../../contract/crd/spec-rules.ts'
import type { ServiceName } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { RevisionSpec } from './revision-spec.ts'

export type ServiceChanges = Partial<
  Pick<Service, 'env' | 'image' | 'configFiles' | 'replicas' | 'autoscaling'>
>

/** @throws {AppError} NOT_FOUND for a service that is not there, INVALID_INPUT for one that breaks a rule */
export function withService(spec: RevisionSpec, name: ServiceName, changes: ServiceChanges): RevisionSpec {
  if (!spec.services.some((service) => service.name === name)) fail('NOT_FOUND', { what: 'service' })
  const services = spec.services.map((service) =>
    service.name === name ? changed(service, changes) : service,
  )
  const broken = [...dependencyRules, ...sizeRules].find((rule) => rule.breaches({ services }).length > 0)
  if (broken) fail('INVALID_INPUT', { problem: broken.says })
  return { ...spec, services }
}

function changed(service: Service, changes: Partial<Service>): Service {
  const { data, error } = ServiceSchema.safeParse({ ...service, ...changes })
  if (error) fail('INVALID_INPUT', { problem: error.issues[0]?.message ?? 'The service is not valid.' })
  return data
}
