import { expect, it } from 'vitest'

import { unanswered } from './required-answers.ts'

const question = (name: string, more: object = {}) => ({ name, required: true, secret: false, ...more })
const names = (
  questions: ReturnType<typeof question>[],
  answers: Partial<Record<'env' | 'secrets', Record<string, string>>>,
) => unanswered(questions, { env: {}, secrets: {}, ...answers }).map(({ name }) => name)

it('names what is required and has neither an answer nor a default', () => {
  const questions = [
    question('A'),
    question('B', { defaultValue: 'x' }),
    question('C', { required: false }),
    question('D', { secret: true }),
    question('E', { defaultValue: '' }),
  ]
  expect(names(questions, {})).toEqual(['A', 'D', 'E'])
  expect(names(questions, { env: { A: 'a', E: 'e' }, secrets: { D: 'd' } })).toEqual([])
})

it('takes an answer that is empty for none, even where there is a default', () => {
  expect(names([question('A', { defaultValue: 'x' })], { env: { A: '' } })).toEqual(['A'])
})

it('does not take a variable for the secret of the same name, or a method of every object for an answer', () => {
  expect(names([question('A', { secret: true })], { env: { A: 'a' } })).toEqual(['A'])
  expect(names([question('toString')], {})).toEqual(['toString'])
})
