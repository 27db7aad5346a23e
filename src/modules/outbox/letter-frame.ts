/** What all letters look like. Pure. */
import type { Mail } from '../../ports/mail/port.ts'

export interface LetterParts {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly opening: string
  /** What leads on: a button, and its address in full. */
  readonly link: { readonly href: string; readonly label: string; readonly lead: string }
  readonly term: string
  /** Smaller, at the end. */
  readonly closing: string
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')

/** In both forms. */
export function framed({ id, to, subject, opening, link, term, closing }: LetterParts): Mail {
  const href = escaped(link.href)
  return {
    id,
    to,
    subject,
    text: `${opening}\n\n${link.lead}\n${link.href}\n\n${term}\n${closing}\n`,
    html: `<!doctype html>
<html lang="en">
<body style="margin:0;padding:24px;background:#f6f7f9;font:16px/1.5 system-ui,sans-serif;color:#1b1f24">
<div style="max-width:32rem;margin:0 auto;padding:24px;background:#fff;border:1px solid #d9dde3;border-radius:8px">
<p style="margin-top:0">${escaped(opening)}</p>
<p><a href="${href}" style="display:inline-block;padding:10px 16px;background:#2f5fd0;color:#fff;border-radius:6px;text-decoration:none">${escaped(link.label)}</a></p>
<p style="word-break:break-all">Or open this link:<br><a href="${href}" style="color:#2f5fd0">${href}</a></p>
<p>${escaped(term)}</p>
<p style="margin-bottom:0;color:#5b6470">${escaped(closing)}</p>
</div>
</body>
</html>
`,
  }
}
