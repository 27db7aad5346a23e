import { expect, it } from 'vitest'

import { fail } from '../../errors.ts'
import { ConstraintError, isConcurrencyFailure, isConstraintError, translateError } from './errors.ts'
import { repeatOn } from './repeat-on.ts'

const error = (fields: object, message = 'x'): Error => Object.assign(new Error(message), fields)

/** As Prisma wraps what its adapter says. */
const wrapped = (cause: object, code = 'P2010'): Error =>
  error({ code, meta: { driverAdapterError: { cause } } })

it.each([
  ['refused connection', error({ code: 'ECONNREFUSED' })],
  ['unknown host', error({ code: 'ENOTFOUND' })],
  ['all addresses refused', new AggregateError([error({ code: 'ECONNREFUSED' })])],
  ['pool without a free connection', new Error('timeout exceeded when trying to connect')],
  ['silent server', new Error('Query read timeout')],
  ['server that shuts down', error({ code: '57P01' })],
  ['server that starts', error({ code: '57P03' })],
  ['too many connections', error({ code: '53300' })],
  ['statement that took too long', error({ code: '57014' })],
  ['Prisma that cannot reach it', error({ code: 'P1001' })],
  ["adapter's refused connection", wrapped({ kind: 'DatabaseNotReachable' })],
  ['transaction that got no connection', error({ code: 'P2028' })],
])('takes a %s for a database that cannot be reached', (_, given) => {
  expect(translateError(given)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
})

it.each([
  ['pg', error({ code: '23505', constraint: 'host_names_pkey' }), 'host_names_pkey'],
  ['pg, null', error({ code: '23502', table: 'users', column: 'email' }), 'users_email_not_null'],
  [
    'adapter, unique',
    wrapped(
      { kind: 'UniqueConstraintViolation', originalCode: '23505', constraint: { index: 'host_names_pkey' } },
      'P2002',
    ),
    'host_names_pkey',
  ],
  [
    'adapter, check',
    wrapped({
      kind: 'postgres',
      code: '23514',
      message: 'new row violates check constraint "users_id_check"',
    }),
    'users_id_check',
  ],
  [
    'adapter, null',
    wrapped({
      kind: 'NullConstraintViolation',
      originalCode: '23502',
      originalMessage: 'null value in column "email" of relation "users" violates not-null constraint',
    }),
    'users_email_not_null',
  ],
])('names the rule that %s says was broken', (_, given, constraint) => {
  const translated = translateError(given)
  expect(translated).toMatchObject({ name: 'ConstraintError', constraint, cause: given })
  expect(isConstraintError(translated, constraint)).toBe(true)
  expect(isConstraintError(translated, 'another')).toBe(false)
})

it.each([
  ['pg', error({ code: '40001' })],
  ['a deadlock', error({ code: '40P01' })],
  ['Prisma', error({ code: 'P2034' })],
  ['its adapter', error({ name: 'DriverAdapterError', cause: { kind: 'TransactionWriteConflict' } })],
  ['its adapter within Prisma', wrapped({ kind: 'TransactionWriteConflict', originalCode: '40001' })],
])('knows a concurrent transaction as %s says it, and leaves it as it is', (_, given) => {
  expect(isConcurrencyFailure(given)).toBe(true)
  expect(translateError(given)).toBe(given)
})

it('leaves what is a mistake of ours, and what is translated already, as it is', () => {
  const mistake = error({ code: '42703' }, 'column "nmae" does not exist')
  expect(translateError(mistake)).toBe(mistake)
  expect(isConcurrencyFailure(mistake)).toBe(false)
  const refusal = new ConstraintError('users_id_check')
  expect(translateError(refusal)).toBe(refusal)
  expect(translateError('a text')).toBe('a text')
  expect(
    translateError(caught(() => fail('FORBIDDEN', {}, { cause: error({ code: '23505' }) }))),
  ).toMatchObject({
    code: 'FORBIDDEN',
  })
})

it('ends on an error that is its own cause', () => {
  const circle = error({ code: '40001' })
  circle.cause = circle
  expect(isConcurrencyFailure(circle)).toBe(true)
})

function caught(work: () => never): unknown {
  try {
    return work()
  } catch (thrown) {
    return thrown
  }
}

it('repeats once after the named refusal, and after no other', async () => {
  let calls = 0
  const refusedTimes = (times: number, constraint: string) => async () => {
    calls++
    if (calls <= times) throw new ConstraintError(constraint)
    return calls
  }
  expect(await repeatOn(['a', 'b'], refusedTimes(1, 'b'))).toBe(2)
  calls = 0
  await expect(repeatOn(['a'], refusedTimes(2, 'a'))).rejects.toMatchObject({ constraint: 'a' })
  expect(calls).toBe(2)
  calls = 0
  await expect(repeatOn(['a'], refusedTimes(1, 'c'))).rejects.toMatchObject({ constraint: 'c' })
  expect(calls).toBe(1)
})
