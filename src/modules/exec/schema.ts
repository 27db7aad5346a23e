import { z } from 'zod'

import { ExecPod } from '../../contract/exec.ts'
import { DeploymentId } from '../../contract/ids.ts'
import { input } from '../access/schema.ts'

export const ListExecPods = input({ id: DeploymentId })

/** The newest first. */
export const ExecPods = z.object({ pods: z.array(ExecPod) })
export type ExecPods = z.infer<typeof ExecPods>
