import { ExternalLink } from 'lucide-react'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { isWebAddress, withoutScheme } from '../lib/format.ts'
import { Card } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'

/** Where it answers, from outside and among its own services. */
export function AddressesCard({ deployment }: { deployment: DeploymentView }) {
  const urls = deployment.urls.filter(isWebAddress)
  // What is stopped has its address still, and nobody answers there.
  const answers = !deployment.suspended && deployment.phase !== 'Deleting'
  const inside = deployment.specs.flatMap(({ name, ports }) => ports.map(({ port }) => `${name}:${port}`))
  return (
    <Card title="Addresses">
      <ul className="space-y-1">
        {urls.map((url) => (
          <li key={url} className="flex items-center gap-1">
            {answers ? (
              <a
                href={url}
                target="_blank"
                rel="noreferrer"
                className="inline-flex min-w-0 items-center gap-1.5 rounded-sm text-accent hover:underline"
              >
                <span className="truncate">{withoutScheme(url)}</span>
                <ExternalLink aria-hidden="true" className="size-3.5 shrink-0" />
              </a>
            ) : (
              <span className="truncate text-muted">{withoutScheme(url)}</span>
            )}
            <CopyButton text={url} what="the address" className="-my-1" />
          </li>
        ))}
      </ul>
      {urls.length > 0 && deployment.suspended && (
        <p className="text-muted">Nothing answers there while it is stopped.</p>
      )}
      {urls.length === 0 && (
        <p className="text-muted">
          {deployment.visibility === 'internal' || deployment.ingress === null
            ? 'None from outside: it can be reached inside the cluster only.'
            : 'It gets its address when it is ready.'}
        </p>
      )}
      {inside.length > 0 && (
        <p className="mt-3 border-t border-line pt-3 text-muted">
          Its services reach each other at{' '}
          {inside.map((address, index) => (
            <span key={address}>
              {index > 0 && ', '}
              <code className="font-mono text-xs text-ink">{address}</code>
            </span>
          ))}
        </p>
      )}
    </Card>
  )
}
