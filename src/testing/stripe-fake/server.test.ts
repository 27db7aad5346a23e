import { manualClock } from '../../ports/clock/fake.ts'
import { createStripe } from '../../ports/stripe/stripe.ts'
import { stripeJourneys } from '../../ports/stripe/testing/journeys.ts'
import { startStripeServer } from './server.ts'

stripeJourneys('over HTTP', async () => {
  const clock = manualClock()
  const server = await startStripeServer({ clock, secretKey: 'sk_test' })
  const port = createStripe({
    secretKey: { value: 'sk_test' },
    webhookSecret: { value: 'whsec' },
    apiUrl: server.url,
    clock,
  })
  return { port, account: server.account, close: async () => server.close() }
})
