/** The output schema of subscriptions, which zod has none for. */
import { tracked, type TrackedEnvelope } from '@trpc/server'
import { z } from 'zod'

import { isAppError } from '../errors.ts'
import { asTrpcError } from './error-format.ts'

/** What use-cases give: an item, and where a viewer goes on after a break. */
interface Told<T> {
  readonly eventId: string
  readonly data: T
}

type Given<T> = AsyncIterable<Told<T>, void>
type Sent<T> = AsyncIterable<TrackedEnvelope<T>, void>

/** A stream of items, each of which is checked (and stripped of what is not declared) by the schema. */
export function streamOf<Item extends z.ZodType>(
  item: Item,
): z.ZodType<Sent<z.output<Item>>, Given<z.input<Item>>> {
  return z
    .custom<Given<z.input<Item>>>(
      (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
    )
    .transform((items) => checked(items, item))
}

async function* checked<Item extends z.ZodType>(
  items: Given<z.input<Item>>,
  schema: Item,
): AsyncGenerator<TrackedEnvelope<z.output<Item>>, void> {
  try {
    for await (const { eventId, data } of items) yield tracked(eventId, schema.parse(data))
  } catch (error) {
    throw isAppError(error) ? asTrpcError(error) : error
  }
}
