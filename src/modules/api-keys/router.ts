import { inOrg, inTeam, router, self } from '../../rpc/procedures.ts'
import { PlainAudit } from '../access/audit.ts'
import { createOwnKey, createTeamKey } from './create-key.ts'
import { listKeys } from './list-keys.ts'
import { revokeKey } from './revoke-key.ts'
import * as schema from './schema.ts'

const ownRouter = router({
  list: self('own-api-key:read')
    .output(schema.KeyList)
    .input(schema.ListOwnKeys)
    .query(async ({ ctx }) => listKeys(ctx.deps, { ofUserId: ctx.actor.userId })),

  create: self('own-api-key:create', { audit: PlainAudit })
    .output(schema.KeyCreated)
    .input(schema.CreateOwnKey)
    .mutation(async ({ ctx, input }) => createOwnKey(ctx.deps, ctx, input)),

  revoke: self('own-api-key:revoke', { audit: PlainAudit })
    .output(schema.KeyRevoked)
    .input(schema.RevokeOwnKey)
    .mutation(async ({ ctx, input: { keyId } }) =>
      revokeKey(ctx.deps, ctx, { keyId, action: 'own-api-key:revoke', ofUserId: ctx.actor.userId }),
    ),
})

const teamRouter = router({
  list: inTeam('team-api-key:read')
    .output(schema.KeyList)
    .input(schema.ListTeamKeys)
    .query(async ({ ctx, input: { teamId } }) => listKeys(ctx.deps, { ofTeamId: teamId })),

  create: inTeam('team-api-key:create', { audit: PlainAudit })
    .output(schema.KeyCreated)
    .input(schema.CreateTeamKey)
    .mutation(async ({ ctx, input }) => createTeamKey(ctx.deps, ctx.caller, input)),

  revoke: inTeam('team-api-key:revoke', { audit: PlainAudit })
    .output(schema.KeyRevoked)
    .input(schema.RevokeTeamKey)
    .mutation(async ({ ctx, input: { teamId, keyId } }) =>
      revokeKey(ctx.deps, ctx.caller, { keyId, action: 'team-api-key:revoke', ofTeamId: teamId }),
    ),
})

const orgRouter = router({
  list: inOrg('api-key:read-all')
    .output(schema.KeyList)
    .input(schema.ListOrgKeys)
    .query(async ({ ctx, input: { orgId } }) => listKeys(ctx.deps, { ofOrgId: orgId })),

  revoke: inOrg('api-key:revoke-any', { audit: PlainAudit })
    .output(schema.KeyRevoked)
    .input(schema.RevokeOrgKey)
    .mutation(async ({ ctx, input: { orgId, keyId } }) =>
      revokeKey(ctx.deps, ctx.caller, { keyId, action: 'api-key:revoke-any', ofOrgId: orgId }),
    ),
})

/** Keys by which programs call. A key never may more than who made it, at the moment of its use. */
export const apiKeysRouter = router({ own: ownRouter, team: teamRouter, org: orgRouter })
