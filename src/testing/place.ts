import type { ApiKeyId, DeploymentId, TemplateId } from '../contract/ids.ts'
import type { Tenant } from './builders.ts'
import type { World } from './world.ts'

/** What procedures are asked about, made anew for each call. */
export interface Place extends Tenant {
  readonly world: World
  /** A deployment of `hello-stack`, just made. */
  readonly id: DeploymentId
  /** A template of the organisation, the same as `hello-stack`. */
  readonly ownTemplateId: TemplateId
  readonly ownKeyId: ApiKeyId
  readonly teamKeyId: ApiKeyId
  /** The last event of the organisation. */
  readonly auditId: string
}

/** Makes the input of a procedure. */
export type Input = (place: Place) => object | undefined | Promise<object>
