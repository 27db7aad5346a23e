/** The program of a thread: see small-lives-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads'

import { leadSmallLives, type Lives } from './lead-small-lives.ts'

// Nothing is handed over, it is copied.
parentPort?.postMessage(await leadSmallLives(workerData as Lives), [])
