import type { MyOrg } from '../../src/modules/access/schema.ts'
import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { useSession } from '../api/session.tsx'
import { DeploymentConfigForm } from '../forms/deployment-config.tsx'
import { DeploymentEnvForm } from '../forms/deployment-env.tsx'
import { DeploymentFollowForm } from '../forms/deployment-follow.tsx'
import { DeploymentImageForm } from '../forms/deployment-image.tsx'
import { DeploymentIngressForm } from '../forms/deployment-ingress.tsx'
import { RollbackOnFailureForm } from '../forms/deployment-rollback-on-failure.tsx'
import { DeploymentScaleForm } from '../forms/deployment-scale.tsx'
import { DeploymentTransfer } from '../forms/deployment-transfer.tsx'
import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Notice } from '../ui/notice.tsx'
import { orgHindrance } from './org-hindrance.ts'
import { SecretsCard } from './secrets-card.tsx'
import { useWhyNot } from './use-why-not.ts'

/** What one may change of a deployment. Every change makes a revision, which rolls out without a pause. */
export function DeploymentSettings({ deployment }: { deployment: DeploymentView }) {
  const { org } = useSession()
  const mayChange = useWhyNot(deployment)('deployment:update') === undefined
  return (
    <div className="max-w-3xl space-y-5">
      {!mayChange && (
        <Notice>
          <p>{whyNoChange(deployment, org)}</p>
        </Notice>
      )}
      {deployment.specs.map((spec) => (
        <Card key={spec.name} title={spec.name} isFlush>
          <fieldset
            disabled={!mayChange}
            aria-label={`Settings of ${spec.name}`}
            className="divide-y divide-line *:p-4"
          >
            <DeploymentImageForm deployment={deployment} spec={spec} />
            <DeploymentFollowForm deployment={deployment} spec={spec} />
            <DeploymentScaleForm deployment={deployment} spec={spec} />
            <DeploymentEnvForm deployment={deployment} spec={spec} />
            {mayChange && <DeploymentConfigForm deployment={deployment} spec={spec} />}
          </fieldset>
          {!mayChange && spec.configFiles.length > 0 && <ConfigFiles files={spec.configFiles} />}
        </Card>
      ))}
      {deployment.ingress !== null && (
        <Card title="Requests from outside">
          <fieldset disabled={!mayChange} aria-label="Requests from outside">
            <DeploymentIngressForm deployment={deployment} />
          </fieldset>
        </Card>
      )}
      <Card title="Updates">
        <fieldset disabled={!mayChange} aria-label="Updates">
          <RollbackOnFailureForm deployment={deployment} />
        </fieldset>
      </Card>
      <SecretsCard deployment={deployment} />
      <DeploymentTransfer deployment={deployment} />
    </div>
  )
}

function whyNoChange({ phase }: DeploymentView, org: MyOrg): string {
  if (phase === 'Deleting') return 'It is being deleted, so nothing of it can be changed any more.'
  return (
    orgHindrance(org, 'deployment:update') ??
    'Your role in this team is to look on. A developer of the team can change these.'
  )
}

/** To read and to copy, for those who look on. */
function ConfigFiles({ files }: { files: DeploymentView['specs'][number]['configFiles'] }) {
  return (
    <div className="space-y-3 border-t border-line p-4">
      <h3 className="font-medium">Config files</h3>
      {files.map(({ path, content }) => (
        <div key={path} className="space-y-1.5">
          <p className="font-mono text-xs text-muted">{path}</p>
          <CodeBlock code={content} what={`the file ${path}`} className="max-h-60" />
        </div>
      ))}
    </div>
  )
}
