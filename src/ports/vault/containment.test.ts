import { afterAll, expect, inject, it } from 'vitest'
import { idBody, newId } from '../../contract/ids.ts'
import { createVault } from './node-vault.ts'
import { chance } from '../../testing/hostile-words.ts'
import { hostileCall } from './testing/hostile-calls.ts'
import { recordingVault, tokenAnswer } from './testing/recording-vault.ts'

const attempts = 100_000
const atOnce = 50

const seed = inject('testSeed')
const server = await recordingVault(() => tokenAnswer(0))
const vault = createVault({ address: server.address, token: { value: 'token' }, mount: 'secret' })

afterAll(async () => {
  await vault.close()
  await server.close()
})

it(`sends nothing outside the user's own folder, whatever names it is given (seed ${seed})`, async () => {
  const userId = newId('usr')
  const below = chance(seed)
  for (let done = 0; done < attempts; done += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, async () => hostileCall(vault, userId, below)))
  }
  const sent = server.secretCalls().map(({ url }) => url)
  const own = new RegExp(
    `^/v1/secret/(data|metadata|destroy)/users/${idBody(userId)}/[a-z0-9/-]+(\\?list=1)?$`,
  )
  expect(sent.length).toBeGreaterThan(attempts / 1000)
  expect(sent.filter((url) => !own.test(url))).toEqual([])
}, 120_000)
