/** A reflector on a model of the API server, and what it told. Stopped after the test. */
import { onTestFinished } from 'vitest'
import type { KubeObject } from '../object.ts'
import { createReflector } from '../reflector.ts'
import type { Change, Reflector, ReflectorOptions } from '../reflector-types.ts'
import { RESOURCES } from '../resources.ts'
import { ApiModel } from './api-model.ts'
import { FakeClock } from './fake-clock.ts'
import { ModelTransport } from './model-transport.ts'

type Options = Partial<ReflectorOptions>
type ModelOptions = Partial<ConstructorParameters<typeof ModelTransport>[1]>

export interface World {
  clock: FakeClock
  model: ApiModel
  transport: ModelTransport
  reflector: Reflector
  changes: Change[]
  errors: unknown[]
}

export function world(options: Options = {}, how: ModelOptions = {}): World {
  const clock = new FakeClock()
  const model = new ApiModel(clock)
  const transport = new ModelTransport(model, { clock, ...how })
  const errors: unknown[] = []
  const reflector = createReflector<KubeObject>({
    resource: RESOURCES.ConfigMap,
    transport,
    clock,
    random: () => 0.5,
    onError: (error) => errors.push(error),
    ...options,
  })
  onTestFinished(async () => reflector.stop())
  const changes: Change[] = []
  reflector.onChange((change) => changes.push(change))
  return { clock, model, transport, reflector, changes, errors }
}

/** `added ns/a`, in order. */
export const told = (changes: Change[]): string[] => changes.map(({ type, key }) => `${type} ${key}`)
export const names = (reflector: Reflector): string[] => [...reflector.store.keys()].toSorted()
