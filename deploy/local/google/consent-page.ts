const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? '')

/** Asks who somebody is, and hands on what they were sent with. */
export function consentPage(asked: URLSearchParams): string {
  const kept = [...asked]
    .filter(([name]) => name !== 'email' && name !== 'name')
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Sign in: a stand-in for Google</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 15vh auto; padding: 0 1rem }
  label, button { display: block; margin-top: 1rem } input, button { font: inherit; padding: .4rem .6rem }
  input { display: block; width: 100%; box-sizing: border-box }
</style>
<h1>Who are you?</h1>
<p>This stands in for Google on a machine for development. Nobody asks for a password here.</p>
<form action="/authorize">
  ${kept.join('\n  ')}
  <label>E-mail <input type="email" name="email" required autofocus value="${escaped(asked.get('login_hint') ?? '')}"></label>
  <label>Name <input name="name" maxlength="100"></label>
  <button>Continue</button>
</form>
`
}
