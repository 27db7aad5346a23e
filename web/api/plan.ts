import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import type { CreateDeploymentInput, DeploymentPlan } from '../../src/modules/deployments/schema.ts'
import { trpc } from './trpc.ts'

type Client = ReturnType<typeof trpc.useUtils>['client']
type Update = Parameters<Client['deployments']['planUpdate']['mutate']>[0]

export interface PlanState {
  isOpen: boolean
  plan: DeploymentPlan | undefined
  error: Error | null
  ofNew: (input: CreateDeploymentInput) => void
  ofUpdate: (input: Update) => void
  close: () => void
}

/** A plan is made when it is asked for, and is out of date as soon as anything is changed: it is not cached. */
export function usePlan(): PlanState {
  const { client } = trpc.useUtils()
  const [isOpen, setOpen] = useState(false)
  const plan = useMutation({ mutationFn: (ask: () => Promise<DeploymentPlan>) => ask() })
  const ask = (question: () => Promise<DeploymentPlan>) => {
    plan.reset()
    setOpen(true)
    plan.mutate(question)
  }
  return {
    isOpen,
    plan: plan.data,
    error: plan.error,
    ofNew: (input) => ask(() => client.deployments.plan.mutate(input)),
    ofUpdate: (input) => ask(() => client.deployments.planUpdate.mutate(input)),
    close: () => setOpen(false),
  }
}
