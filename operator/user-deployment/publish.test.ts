/** What is told by events: each change of the words, and none of the numbers in them. */
import { expect, it } from 'vitest'

import type { Reason } from '../../src/contract/crd/conditions.ts'
import type { EventWords } from '../runtime/cluster.ts'
import type { ReconcileContext } from '../runtime/controller-types.ts'
import { anObserved } from '../testing/observed.ts'
import { aResource, testSettings } from '../testing/resources.ts'
import { waits } from './checks/finding.ts'
import { publishVerdict } from './publish.ts'
import { judge } from './status.ts'

/** Of the sentences that are found one after the other, those that an event tells. */
async function told(reason: Reason, sentences: readonly string[]): Promise<string[]> {
  const events: EventWords[] = []
  const context = {
    cluster: {
      applyStatus: async () => 'updated',
      event: (_: unknown, words: EventWords) => void events.push(words),
    },
  } as unknown as ReconcileContext
  let resource = aResource()
  for (const sentence of sentences) {
    const finding = waits(reason, sentence)
    const verdict = judge({
      observed: anObserved(resource),
      settings: testSettings(),
      facts: { addresses: new Map(), replicas: new Map(), hostsOfOthers: new Set() },
      finding,
      isObstacle: false,
      troubles: new Map([['web', finding]]),
      now: new Date('2030-01-01T12:00:00Z'),
    })
    await publishVerdict(resource, verdict, context)
    resource = { ...resource, status: verdict.status }
  }
  return events.map(({ message }) => message)
}

it('tells of a trouble again when more is known of it, and not when it only happened again', async () => {
  const [first, known] = ['Its health check fails.', 'Its health check fails: statuscode: 404, 2 times.']
  expect(await told('ProbeFailing', [first, first, known, known.replace('2', '3')])).toEqual([first, known])
})

it('tells once of what is under way', async () => {
  const sentences = [
    'The pods of service web are being started.',
    'The pods of service api are being started.',
  ]
  expect(await told('Provisioning', sentences)).toEqual(sentences.slice(0, 1))
})
