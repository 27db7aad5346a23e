/** What a template asks for and nobody answered: said by the form and by the server in the same words. */

interface Question {
  readonly name: string
  readonly required: boolean
  readonly secret: boolean
  readonly defaultValue?: string | undefined
}

interface Answers {
  readonly env: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
}

/** The sentence about a required variable or secret without a value. */
export const valueMissing = (kind: 'variable' | 'secret', name: string): string =>
  `The ${kind} ${name} is required and has no value. Enter one.`

/** Required questions that stay without a value, in the order in which they are asked. */
export function unanswered<Asked extends Question>(questions: readonly Asked[], answers: Answers): Asked[] {
  return questions.filter(({ name, required, secret, defaultValue = '' }) => {
    const given = secret ? answers.secrets : answers.env
    const value = Object.hasOwn(given, name) ? given[name] : defaultValue
    return required && value === ''
  })
}
