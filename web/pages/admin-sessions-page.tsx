import { useState, type SubmitEvent } from 'react'

import { RevokeSessionsOf } from '../../src/modules/sessions/schema.ts'
import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { PageHead } from '../components/page-head.tsx'
import { ConfirmDialog } from '../forms/confirm-dialog.tsx'
import { count } from '../lib/format.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'

/** Signs somebody out everywhere, say when a device was lost. */
export default function AdminSessionsPage() {
  const { user } = useSession()
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string>()
  const [email, setEmail] = useState<string>()
  const revoke = trpc.sessions.revokeOf.useMutation({
    onSuccess: ({ ended }) => {
      const title =
        ended === 0 ? `${email} was signed in nowhere` : `${count(ended, 'session')} of ${email} ended`
      showToast({ tone: 'good', title })
      setEmail(undefined)
      setTyped('')
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const { data } = RevokeSessionsOf.safeParse({ email: typed.trim() })
    setProblem(data ? undefined : 'Write the address with which somebody signs in.')
    setEmail(data?.email)
    revoke.reset()
  }
  return (
    <>
      <PageHead title="Sessions">
        <p className="text-muted">
          Was a device lost, or is somebody else signed in? Sign its owner out everywhere.
        </p>
      </PageHead>
      <Card className="max-w-xl">
        <form noValidate onSubmit={submit}>
          <Field
            label="E-mail"
            hint="Every browser of this person is signed out within two seconds. API keys stay as they are."
            error={problem}
            isRequired
          >
            {(input) => (
              <div className="flex flex-wrap gap-2">
                <Input
                  {...input}
                  type="email"
                  autoComplete="off"
                  spellCheck={false}
                  value={typed}
                  onChange={({ target }) => setTyped(target.value)}
                  className="min-w-48 flex-1"
                />
                <Button type="submit">End all sessions</Button>
              </div>
            )}
          </Field>
        </form>
      </Card>
      {email !== undefined && (
        <ConfirmDialog
          title={`End all sessions of ${email}?`}
          description={
            email.toLowerCase() === user.email
              ? 'These are your own: you are signed out here too.'
              : 'What they show live stops at once. They can sign in again.'
          }
          word="End all sessions"
          isBusy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate({ email })}
          onClose={() => setEmail(undefined)}
        />
      )}
    </>
  )
}
