import { createHmac } from 'node:crypto'

/** The header `stripe-signature`. Source: https://docs.stripe.com/webhooks/signature */
export function signatureOf(
  body: Buffer,
  { secret, at }: { readonly secret: string; readonly at: Date },
): string {
  const seconds = Math.floor(at.getTime() / 1000)
  const signature = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex')
  return `t=${seconds},v1=${signature}`
}
