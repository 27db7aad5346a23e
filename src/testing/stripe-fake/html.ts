/** The pages of Stripe's that people see, in plain HTML. */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? '')

/** @param body HTML */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}: a stand-in for Stripe</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 8vh auto; padding: 0 1rem }
  label { display: block; margin: .5rem 0 } button, input, select { font: inherit; padding: .3rem .6rem }
  form, fieldset { margin: 1rem 0 } [role=alert] { border-left: 4px solid #c00; padding-left: .8rem }
  table { border-collapse: collapse } td, th { text-align: left; padding: .2rem 1rem .2rem 0 }
</style>
<main>
<h1>${escaped(title)}</h1>
<p>This stands in for Stripe on a machine for development. No money moves.</p>
${body}
</main>
`

/** `$29.00`, or `29.00 EUR`. */
export const money = (cents: number, currency: string): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 100)

export const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)

export const alert = (problem: string | undefined): string =>
  problem === undefined ? '' : `<p role="alert">${escaped(problem)}</p>`

export const CARDS = `<fieldset>
  <legend>Card</legend>
  <label><input type="radio" name="card" value="pays" checked> 4242 4242 4242 4242, which works</label>
  <label><input type="radio" name="card" value="declines"> 4000 0000 0000 0341, which is declined</label>
</fieldset>`

/** A form with one button. */
export const button = (name: string, fields: Readonly<Record<string, string>>, inner = ''): string => {
  const hidden = Object.entries(fields).map(
    ([field, value]) => `<input type="hidden" name="${escaped(field)}" value="${escaped(value)}">`,
  )
  return `<form method="post">${hidden.join('')}${inner}<button>${escaped(name)}</button></form>`
}
