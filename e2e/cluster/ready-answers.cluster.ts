/** Ready means that it answers: the very first request after the word is served, on a busy machine too. */
import { spawn, type ChildProcess } from 'node:child_process'
import { afterEach, expect, inject, it } from 'vitest'

import { newId } from '../../src/contract/ids.ts'
import { nameOf } from '../../src/modules/deployments/name-of.ts'
import { atLevel, skipUnless } from '../../src/testing/levels.ts'
import { throughTraefik } from '../fixtures/cluster.ts'
import { fillIn, isReady, watch } from '../fixtures/platform.ts'
import { usePlatform } from '../fixtures/use-platform.ts'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const platform = usePlatform()
  const busy: ChildProcess[] = []

  afterEach(() => {
    for (const child of busy.splice(0)) child.kill('SIGKILL')
  })

  /** Deploys `hello` and asks for it the moment that it is told to be ready. @returns the status of the answer */
  async function firstAnswer(): Promise<number> {
    const id = newId('dep')
    await platform.person.api.deployments.create.mutate(await fillIn(platform.person, 'hello', { id }))
    const watching = watch(platform.person, id)
    try {
      await watching.until(isReady, 120_000)
      return (await throughTraefik(`${nameOf(id)}.apps.localhost`)).status
    } finally {
      watching.stop()
      await platform.person.api.deployments.delete.mutate({ id })
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

  atLevel(9, () => {
    it('does so while other programs want the whole machine, 10 times in 10', async () => {
      for (let core = 0; core < 2; core++) busy.push(spawn(process.execPath, ['-e', 'for (;;);']))
      expect(await firstAnswers(2, 5)).toEqual(Array.from({ length: 10 }, () => 200))
    })
  })
})
