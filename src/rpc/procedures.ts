/**
 * The only ways to make a procedure. Each names a right, finds the place that the input names, and asks
 * `authorize()` before the rest of the input is looked at: a stranger learns nothing by malformed input. Nothing
 * but `.output` can follow, so what a procedure answers with is always declared.
 */
import type { TRPCError } from '@trpc/server'
import { z } from 'zod'

import { DeploymentId, OrgId, TeamId, type AnyId } from '../contract/ids.ts'
import type { Action, OrgAction, PlatformAction, SelfAction, TeamAction } from '../contract/policy.ts'
import { fail, isAppError } from '../errors.ts'
import type { Actor, Caller } from '../modules/access/actor.ts'
import { authorize } from '../modules/access/authorize.ts'
import type { Guard } from '../modules/access/keep-checking.ts'
import type { Context, Find } from './context.ts'
import type { Changing, Declared, Reading } from './declared.ts'
import { asTrpcError } from './error-format.ts'
import { t } from './init.ts'
import type { Meta } from './meta.ts'

export { streamOf } from './async-iterable.ts'
export const router = t.router

/**
 * Mutations say what they write to the audit besides actor, action and target, and whether they renew the session;
 * nothing else becomes one.
 */
type Audited = Required<Pick<Meta, 'audit'>> & Pick<Meta, 'renewsSession'>

type Ended = { readonly ok: true } | { readonly ok: false; readonly error: TRPCError }

/** Gives the session another token where that is declared, and our errors the status that the catalogue says. */
async function end<Result extends Ended>(
  { ctx, meta }: { readonly ctx: Context; readonly meta: Meta | undefined },
  result: Result,
): Promise<Result> {
  if (!result.ok) return isAppError(result.error.cause) ? asOurs(result.error.cause) : result
  if (meta?.renewsSession) await ctx.renewSession()
  return result
}

/** @throws always: the error itself, or ours with the status of the catalogue */
function asOurs(error: unknown): never {
  throw isAppError(error) ? asTrpcError(error) : error
}

interface Named {
  readonly ctx: Context
  readonly can: Meta['can'] | undefined
  readonly id: AnyId
  /** For sentences. */
  readonly what: string
}

interface Permitted {
  readonly caller: Caller
  /** For streams, which outlive rights. */
  readonly guard: Guard
}

/** Who calls, allowed the action in the place that the id names. @throws {TRPCError} */
async function permit({ ctx, can, id, what }: Named): Promise<{ ctx: Permitted }> {
  const callerOf = async (find: Find): Promise<Caller> => {
    const found = await find(id)
    const actor = authorize({ actor: found?.actor, scope: found?.scope, action: actionOf(can), what })
    if (!found?.scope) fail('NOT_FOUND', { what })
    return { actor, scope: found.scope, requestId: ctx.requestId, origin: ctx.origin }
  }
  const caller = await callerOf(ctx.find).catch(asOurs)
  const whom = { userId: caller.actor.userId, orgId: caller.scope.orgId }
  const recheck = async (): Promise<void> => void (await callerOf(ctx.findAgain))
  return { ctx: { caller, guard: { whom, recheck } } }
}

function actionOf(can: Meta['can'] | undefined): Action {
  if (can === undefined || can === 'anyone') throw new Error('A procedure with a place names no right.')
  return can
}

async function permitSelf(ctx: Context, can: Meta['can'] | undefined): Promise<{ ctx: { actor: Actor } }> {
  const found = await ctx.find()
  return { ctx: { actor: authorize({ actor: found?.actor, action: actionOf(can), what: 'thing' }) } }
}

// One step each, for tRPC copies all it has for every step.

/** Without a place: the caller's own things, or the installation. */
const selfBuilder = t.procedure.use(async ({ ctx, meta, next }) =>
  end({ ctx, meta }, await next(await permitSelf(ctx, meta?.can).catch(asOurs))),
)
const orgBuilder = t.procedure
  .input(z.object({ orgId: OrgId }))
  .use(async ({ ctx, meta, input: { orgId: id }, next }) =>
    end({ ctx, meta }, await next(await permit({ ctx, can: meta?.can, id, what: 'organisation' }))),
  )
const teamBuilder = t.procedure
  .input(z.object({ teamId: TeamId }))
  .use(async ({ ctx, meta, input: { teamId: id }, next }) =>
    end({ ctx, meta }, await next(await permit({ ctx, can: meta?.can, id, what: 'team' }))),
  )
const deploymentBuilder = t.procedure
  .input(z.object({ id: DeploymentId }))
  .use(async ({ ctx, meta, input: { id }, next }) =>
    end({ ctx, meta }, await next(await permit({ ctx, can: meta?.can, id, what: 'deployment' }))),
  )

/**
 * zod compiles schemas, but not for `parseAsync`, which tRPC would call: checking a page of fifty rows costs half as
 * much this way. (Nothing that we answer with has to be waited for to be checked.)
 */
function withCompiledOutput<Builder extends { output: unknown }>(builder: Builder): Pick<Builder, 'output'> {
  const { output } = builder as unknown as { output: (schema: z.ZodType) => unknown }
  const compiled = (schema: z.ZodType): z.ZodType =>
    Object.create(schema, { parseAsync: { value: (data: unknown) => schema.parse(data) } }) as z.ZodType
  return { output: (schema: z.ZodType) => output(compiled(schema)) }
}

/** For what is the caller's own. */
export function self(can: SelfAction): Declared<typeof selfBuilder, Reading>
export function self(can: SelfAction, audited: Audited): Declared<typeof selfBuilder, Changing>
export function self(can: SelfAction, audited?: Audited): unknown {
  return withCompiledOutput(selfBuilder.meta({ can, ...audited }))
}

/** For who runs the installation; to everybody else there is no such thing. */
export function onPlatform(can: PlatformAction): Declared<typeof selfBuilder, Reading>
export function onPlatform(can: PlatformAction, audited: Audited): Declared<typeof selfBuilder, Changing>
export function onPlatform(can: PlatformAction, audited?: Audited): unknown {
  return withCompiledOutput(selfBuilder.meta({ can, ...audited }))
}

/** In the organisation that `orgId` names. */
export function inOrg(can: OrgAction): Declared<typeof orgBuilder, Reading>
export function inOrg(can: OrgAction, audited: Audited): Declared<typeof orgBuilder, Changing>
export function inOrg(can: OrgAction, audited?: Audited): unknown {
  return withCompiledOutput(orgBuilder.meta({ can, ...audited }))
}

/** In the team that `teamId` names. */
export function inTeam(can: TeamAction): Declared<typeof teamBuilder, Reading>
export function inTeam(can: TeamAction, audited: Audited): Declared<typeof teamBuilder, Changing>
export function inTeam(can: TeamAction, audited?: Audited): unknown {
  return withCompiledOutput(teamBuilder.meta({ can, ...audited }))
}

/** `inTeam` for a deployment that exists: in the team of the one that `id` names. */
export function onDeployment(can: TeamAction): Declared<typeof deploymentBuilder, Reading>
export function onDeployment(can: TeamAction, audited: Audited): Declared<typeof deploymentBuilder, Changing>
export function onDeployment(can: TeamAction, audited?: Audited): unknown {
  return withCompiledOutput(deploymentBuilder.meta({ can, ...audited }))
}
