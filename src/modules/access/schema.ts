/** Inputs that all rooms share, and who is signed in. */
import { z } from 'zod'

import { OrgId, TeamId, UserId } from '../../contract/ids.ts'
import { ORG_ROLES, TEAM_ROLES } from '../../contract/policy.ts'
import { refusingUnknown } from '../../contract/unknown-fields.ts'

/** A schema of inputs, with its fields to build others from. */
export type InputSchema<Shape extends z.core.$ZodLooseShape> = z.ZodType<
  z.output<z.ZodObject<Shape>>,
  z.input<z.ZodObject<Shape>>
> & { readonly shape: Shape }

/** The input of a procedure. A field that nobody knows is refused at any depth, for it is a mistake of spelling. */
export function input<Shape extends z.core.$ZodLooseShape>(shape: Shape): InputSchema<Shape> {
  const schema = refusingUnknown(z.object(shape)) as unknown as z.ZodType<
    z.output<z.ZodObject<Shape>>,
    z.input<z.ZodObject<Shape>>
  >
  return Object.assign(schema, { shape })
}

/** An instant in RFC 3339, UTC. */
export const Instant = z.iso.datetime({ precision: 3 })

export const OrgRole = z.enum(ORG_ROLES)
export const TeamRole = z.enum(TEAM_ROLES)

/** A place that is left or used up; `limit` null is no limit. */
export const Quota = z.object({ used: z.int(), limit: z.int().nullable() })
export type Quota = z.infer<typeof Quota>

export const MyOrg = z.object({
  id: OrgId,
  slug: z.string(),
  name: z.string(),
  role: OrgRole,
  plan: z.string(),
  isSuspended: z.boolean(),
  /** It has not paid for a while: nothing new may be made in it. */
  isFrozen: z.boolean(),
})
export type MyOrg = z.infer<typeof MyOrg>

export const MyTeam = z.object({
  id: TeamId,
  orgId: OrgId,
  name: z.string(),
  /** Null: seen by an owner or admin of the organisation who is no member of the team. */
  role: TeamRole.nullable(),
})
export type MyTeam = z.infer<typeof MyTeam>

/** Everything that the frame of the dashboard shows, in one answer. */
export const Me = z.object({
  user: z.object({
    id: UserId,
    email: z.string(),
    name: z.string(),
    avatarUrl: z.string().nullable(),
    isPlatformAdmin: z.boolean(),
  }),
  orgs: z.array(MyOrg),
  teams: z.array(MyTeam),
  /** The team that the dashboard opens. */
  currentTeamId: TeamId.nullable(),
})
export type Me = z.infer<typeof Me>
