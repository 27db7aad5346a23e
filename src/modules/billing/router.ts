import { inOrg, router } from '../../rpc/procedures.ts'
import { listInvoices, listPaymentMethods, openPortal } from './at-stripe.ts'
import { changePlan, previewChange, setCancel } from './change-plan.ts'
import { choose } from './choose.ts'
import { getBilling, listKeptDeployments } from './get-billing.ts'
import { openCheckout } from './open-checkout.ts'
import {
  Billing,
  BillingAudit,
  BillingDone,
  ChangePlan,
  ChangePreview,
  ChoiceAudit,
  ChoosePlan,
  GetBilling,
  Invoices,
  KeepDeployments,
  KeptDeployments,
  OfOrg,
  PageOfStripe,
  PaymentMethods,
} from './schema.ts'

/** Only for owners: nobody else sees what is paid, or may pay. */
export const billingRouter = router({
  overview: inOrg('billing:read')
    .output(Billing)
    .input(GetBilling)
    .query(async ({ ctx, input }) => getBilling(ctx.deps, ctx.caller, input)),

  deployments: inOrg('billing:read')
    .output(KeptDeployments)
    .input(OfOrg)
    .query(async ({ ctx }) => listKeptDeployments(ctx.deps, ctx.caller)),

  invoices: inOrg('billing:read')
    .output(Invoices)
    .input(OfOrg)
    .query(async ({ ctx }) => listInvoices(ctx.deps, ctx.caller)),

  paymentMethods: inOrg('billing:read')
    .output(PaymentMethods)
    .input(OfOrg)
    .query(async ({ ctx }) => listPaymentMethods(ctx.deps, ctx.caller)),

  previewChange: inOrg('billing:read')
    .output(ChangePreview)
    .input(ChoosePlan)
    .query(async ({ ctx, input }) => previewChange(ctx.deps, ctx.caller, input)),

  checkout: inOrg('billing:manage', { audit: BillingAudit })
    .output(PageOfStripe)
    .input(ChoosePlan)
    .mutation(async ({ ctx, input }) => openCheckout(ctx.deps, ctx.caller, input)),

  portal: inOrg('billing:manage', { audit: BillingAudit })
    .output(PageOfStripe)
    .input(OfOrg)
    .mutation(async ({ ctx }) => openPortal(ctx.deps, ctx.caller)),

  changePlan: inOrg('billing:manage', { audit: BillingAudit })
    .output(BillingDone)
    .input(ChangePlan)
    .mutation(async ({ ctx, input }) => changePlan(ctx.deps, ctx.caller, input)),

  cancel: inOrg('billing:manage', { audit: BillingAudit })
    .output(BillingDone)
    .input(OfOrg)
    .mutation(async ({ ctx }) => setCancel(ctx.deps, ctx.caller, true)),

  resume: inOrg('billing:manage', { audit: BillingAudit })
    .output(BillingDone)
    .input(OfOrg)
    .mutation(async ({ ctx }) => setCancel(ctx.deps, ctx.caller, false)),

  chooseFree: inOrg('billing:manage', { audit: ChoiceAudit })
    .output(BillingDone)
    .input(OfOrg)
    .mutation(async ({ ctx }) => choose(ctx.deps, ctx.caller, null)),

  keep: inOrg('billing:manage', { audit: ChoiceAudit })
    .output(BillingDone)
    .input(KeepDeployments)
    .mutation(async ({ ctx, input }) => choose(ctx.deps, ctx.caller, input.keep)),
})
