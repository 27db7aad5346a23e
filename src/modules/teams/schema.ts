import { z } from 'zod'

import { OrgId, TeamId } from '../../contract/ids.ts'
import { input, MyTeam } from '../access/schema.ts'

export const ListTeams = input({ orgId: OrgId })
export const TeamList = z.array(MyTeam)

/** Null: the caller is in no team yet. */
export const CurrentTeam = MyTeam.nullable()

export const SetCurrentTeam = input({ teamId: TeamId })
