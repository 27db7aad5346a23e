import { onDeployment, router } from '../../rpc/procedures.ts'
import { ChangeAudit } from '../access/audit.ts'
import { deleteSecrets } from './delete-secrets.ts'
import { listSecrets } from './list-secrets.ts'
import { DeleteSecrets, ListSecrets, SecretList, SecretsChanged, SetSecrets } from './schema.ts'
import { setSecrets } from './set-secrets.ts'

export const secretsRouter = router({
  list: onDeployment('secret:read')
    .output(SecretList)
    .input(ListSecrets)
    .query(async ({ ctx, input }) => listSecrets(ctx.deps, input.id)),

  set: onDeployment('secret:set', { audit: ChangeAudit })
    .output(SecretsChanged)
    .input(SetSecrets)
    .mutation(async ({ ctx, input }) => setSecrets(ctx.deps, ctx.caller, input)),

  delete: onDeployment('secret:delete', { audit: ChangeAudit })
    .output(SecretsChanged)
    .input(DeleteSecrets)
    .mutation(async ({ ctx, input }) => deleteSecrets(ctx.deps, ctx.caller, input)),
})
