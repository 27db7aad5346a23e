/** Ready means that it answers: the very first request after the word is served, on a busy machine too. */
import { spawn, type ChildProcess } from 'node:child_process'
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'

import { newId } from '../../src/contract/ids.ts'
import { nameOf } from '../../src/modules/deployments/name-of.ts'
import { useTestDb } from '../../src/testing/db.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { openCluster, throughTraefik } from '../fixtures/cluster.ts'
import {
  fillIn,
  installPlatform,
  isReady,
  removeAllOf,
  startOperatorProcess,
  startServer,
  watch,
  type Person,
  type RunningServer,
} from '../fixtures/platform.ts'
import type { Program } from '../fixtures/program.ts'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const test = useTestDb()
  const cluster = openCluster()
  const busy: ChildProcess[] = []
  let server: RunningServer
  let operator: Program
  let person: Person

  beforeAll(async () => {
    await installPlatform(cluster)
    server = await startServer({ DATABASE_DSN: test.dsn })
    operator = await startOperatorProcess()
    person = await server.signIn('ada@example.com')
  })
  afterEach(() => {
    for (const child of busy.splice(0)) child.kill('SIGKILL')
  })
  afterAll(async () => {
    await removeAllOf(cluster, person)
    await Promise.all([server.stop(), operator.stop()])
    await cluster.close()
  })

  /** Deploys `hello` and asks for it the moment that it is told to be ready. @returns the status of the answer */
  async function firstAnswer(): Promise<number> {
    const id = newId('dep')
    await person.api.deployments.create.mutate(await fillIn(person, 'hello', { id }))
    const watching = watch(person, id)
    try {
      await watching.until(isReady, 120_000)
      return (await throughTraefik(`${nameOf(id)}.apps.localhost`)).status
    } finally {
      watching.stop()
      await person.api.deployments.delete.mutate({ id })
    }
  }

  async function firstAnswers(rounds: number, atOnce: number): Promise<number[]> {
    const statuses: number[] = []
    for (let round = 0; round < rounds; round++) {
      statuses.push(...(await Promise.all(Array.from({ length: atOnce }, firstAnswer))))
    }
    return statuses
  }

  it('serves the first request after Ready, 10 times in 10', async () => {
    expect(await firstAnswers(5, 2)).toEqual(Array.from({ length: 10 }, () => 200))
  })

  it('does so while other programs want the whole machine, 10 times in 10', async () => {
    for (let core = 0; core < 2; core++) busy.push(spawn(process.execPath, ['-e', 'for (;;);']))
    expect(await firstAnswers(2, 5)).toEqual(Array.from({ length: 10 }, () => 200))
  })
})
