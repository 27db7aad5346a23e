/** `own-step.ts NAME`: runs one step of {@link runOwnStep}, prints its problems and fails if there are any. */
import { runOwnStep } from './steps.ts'

const problems = await runOwnStep(process.argv[2] ?? '')
for (const problem of problems) process.stdout.write(`${problem}\n`)
process.exitCode = problems.length === 0 ? 0 : 1
