import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'

import { signInForDevelopment } from '../api/sign-in.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'

const DEVELOPER = 'dev@localhost'

/** Who one wants to be, on a server for development. */
export function SignInForm({ redirect }: { redirect: string }) {
  const [email, setEmail] = useState(DEVELOPER)
  const signIn = useMutation({
    mutationFn: signInForDevelopment,
    // A page of its own, so that nothing of who was signed in before is left in this one.
    onSuccess: () => location.assign(redirect),
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    signIn.mutate(email.trim() || DEVELOPER)
  }
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      <Field label="E-mail" isRequired hint="This server runs for development: no password is asked.">
        {(input) => (
          <Input
            {...input}
            type="email"
            name="email"
            autoComplete="email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      {signIn.error && <FaultNotice error={signIn.error} />}
      <Button
        type="submit"
        variant="primary"
        isBusy={signIn.isPending || signIn.isSuccess}
        className="w-full"
      >
        Sign in
      </Button>
    </form>
  )
}
