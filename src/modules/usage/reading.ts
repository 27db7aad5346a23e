import { Consumption } from '../../contract/crd/consumption.ts'
import type { DeletedResource } from '../../ports/kube/port.ts'
import type { Reading } from './fold-usage.ts'

/** What a custom resource says of what it takes; nothing where its status says nothing that is understood. */
export function readingOf({
  metadata: { uid = '', creationTimestamp = '' },
  status,
}: DeletedResource): Reading {
  const parsed = Consumption.safeParse((status as { consumption?: unknown } | undefined)?.consumption)
  return {
    uid,
    createdMs: Date.parse(creationTimestamp) || 0,
    consumption: parsed.success ? parsed.data : undefined,
  }
}
