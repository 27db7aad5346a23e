/** Where a page goes on: stamp and id of the last row, as a text that nobody need understand. */
import { fail } from '../../errors.ts'

export interface Position {
  readonly at: Date
  readonly id: string
}

export const cursorOf = ({ at, id }: Position): string =>
  Buffer.from(`${at.getTime()} ${id}`).toString('base64url')

/** @throws {AppError} INVALID_INPUT for what is no cursor of ours */
export function positionOf(cursor: string): Position {
  const [, stamp, id] = /^(\d{1,15}) ([a-z]+_\w+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (stamp === undefined || id === undefined) {
    fail('INVALID_INPUT', { problem: 'The cursor is not one that was given out: begin at the first page.' })
  }
  return { at: new Date(Number(stamp)), id }
}
