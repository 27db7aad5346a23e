/** Form-encoded parameters as Stripe takes them: `items[0][price]=price_1`. */
export interface Form {
  readonly [name: string]: string | Form | undefined
}

export function parseForm(text: string): Form {
  const form = emptyForm()
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split('[').map((part) => part.replace(/\]$/, ''))
    put(form, path, value)
  }
  return form
}

type Writable = Record<string, string | Form>

/** Without a prototype: names come from outside. */
const emptyForm = (): Writable => Object.create(null) as Writable

function put(form: Writable, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    form[name] = value
    return
  }
  const inner = form[name]
  const next = typeof inner === 'object' ? (inner as Writable) : emptyForm()
  form[name] = next
  put(next, rest, value)
}

/** The text at `a[b][0]`, by `textAt(form, 'a', 'b', '0')`. */
export function textAt(form: Form, ...path: readonly string[]): string | undefined {
  let here: string | Form | undefined = form
  for (const name of path) here = typeof here === 'object' ? here[name] : undefined
  return typeof here === 'string' ? here : undefined
}

export const numberAt = (form: Form, ...path: readonly string[]): number | undefined => {
  const text = textAt(form, ...path)
  return text === undefined ? undefined : Number(text)
}

/** All texts of `metadata[name]=value`. */
export function textsAt(form: Form, ...path: readonly string[]): Record<string, string> {
  let here: string | Form | undefined = form
  for (const name of path) here = typeof here === 'object' ? here[name] : undefined
  const texts = Object.entries(typeof here === 'object' ? here : {})
  return Object.fromEntries(texts.filter((each): each is [string, string] => typeof each[1] === 'string'))
}
