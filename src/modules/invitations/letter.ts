/** The letter of an invitation, in both forms. Pure. */
import type { Mail } from '../../ports/mail/port.ts'
import type { Letter } from './store.ts'

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')

/** @param link with the token, which is nowhere else */
export function letterOf(invitation: Letter, link: string, id: string): Mail {
  const { email, orgName, teamName, invitedByName, expiresAt } = invitation
  const where = teamName === null ? orgName : `${orgName} (team ${teamName})`
  const asked = `${invitedByName} invites you to ${where} on Shipyard, where apps are deployed to Kubernetes.`
  const term = `The link works once, for ${email}, until the end of ${DAY.format(expiresAt)} (UTC) at the latest.`
  const ignore = 'If you do not know what this is about, do nothing: without you nothing happens.'
  return {
    id,
    to: email,
    subject: `${invitedByName} invites you to ${orgName}`,
    text: `${asked}\n\nTo accept, open this link:\n${link}\n\n${term}\n${ignore}\n`,
    html: `<!doctype html>
<html lang="en">
<body style="margin:0;padding:24px;background:#f6f7f9;font:16px/1.5 system-ui,sans-serif;color:#1b1f24">
<div style="max-width:32rem;margin:0 auto;padding:24px;background:#fff;border:1px solid #d9dde3;border-radius:8px">
<p style="margin-top:0">${escaped(asked)}</p>
<p><a href="${escaped(link)}" style="display:inline-block;padding:10px 16px;background:#2f5fd0;color:#fff;border-radius:6px;text-decoration:none">Accept the invitation</a></p>
<p style="word-break:break-all">Or open this link:<br><a href="${escaped(link)}" style="color:#2f5fd0">${escaped(link)}</a></p>
<p>${escaped(term)}</p>
<p style="margin-bottom:0;color:#5b6470">${escaped(ignore)}</p>
</div>
</body>
</html>
`,
  }
}
