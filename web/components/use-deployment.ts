import { useIsMutating } from '@tanstack/react-query'
import { useEffect } from 'react'

import type { DeploymentId } from '../../src/contract/ids.ts'
import { POLL_MS, usePollInterval } from '../api/live-state.ts'
import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'

/**
 * The deployment of a page. The stream tells what changes in the current team; one of another team is asked for
 * every few seconds, and after each change of one's own.
 */
export function useDeployment(id: DeploymentId) {
  const { team } = useSession()
  const whileBroken = usePollInterval()
  const found = trpc.deployments.get.useQuery(
    { id },
    { refetchInterval: ({ state }) => (isOf(team.id, state.data) ? whileBroken : POLL_MS) },
  )
  const { data } = found
  const isFollowed = isOf(team.id, data)
  const utils = trpc.useUtils()
  const isChanging = useIsMutating() > 0
  useEffect(() => {
    if (!isFollowed && !isChanging) void utils.deployments.get.invalidate({ id })
  }, [isFollowed, isChanging, utils, id])
  useEffect(() => {
    if (isFollowed) return
    void utils.deployments.activity.invalidate({ id })
    void utils.deployments.revisions.list.invalidate({ id })
  }, [isFollowed, data, utils, id])
  return found
}

/** What is not known yet is taken for one of the team: most are. */
const isOf = (teamId: string, deployment: { teamId: string } | undefined): boolean =>
  deployment === undefined || deployment.teamId === teamId
