/**
 * ValidatingAdmissionPolicies hold in every tenant's namespace what neither pod security nor a quota can hold, also
 * while server and operator are switched off and somebody uses kubectl
 * (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/).
 */
import { GROUP, LABELS, MANAGED_BY, PLURALS } from '../../../src/contract/crd/meta.ts'

interface Target {
  groups: string[]
  resources: string[]
  operations?: ('CREATE' | 'UPDATE' | 'DELETE')[]
}

export interface Policy {
  /** Without `shipyard-`. */
  name: string
  targets: Target[]
  /** Also outside of tenants' namespaces, and for namespaces themselves. */
  isEverywhere?: true
  /** Which requests are looked at, of those for the targets. Default all. */
  only?: { name: string; where: string }
  /** Named expressions that validations use as `variables.name`. */
  variables?: Record<string, string>
  /** Each true for what is admitted; the sentence is for people. */
  validations: { holds: string; otherwise: string }[]
}

/** A label of the tenant's namespace, empty where it is missing: then nothing matches it. */
export const namespaceLabel = (label: string): string =>
  `namespaceObject.metadata.labels[?'${label}'].orValue('')`

/**
 * Whoever may open a namespace to the outside or change what guards it: the operator, cert-manager, and whom else an
 * administrator gives this verb; and the controllers of Kubernetes itself. A tenant's role never has it.
 */
export const EXPOSE = 'expose'

/** Without the controllers of Kubernetes, which make pods for everybody. */
export const HAS_EXPOSE = `authorizer.group('${GROUP}').resource('${PLURALS.UserDeployment}').namespace(request.namespace).check('${EXPOSE}').allowed()`

export const MAY_EXPOSE = [
  HAS_EXPOSE,
  `request.userInfo.username == 'system:kube-controller-manager'`,
  `'system:serviceaccounts:kube-system' in request.userInfo.groups`,
].join(' || ')

/** Only for those who may expose. */
export const onlyExposers = (otherwise: string): Policy['validations'][0] => ({
  holds: MAY_EXPOSE,
  otherwise,
})

/** As {@link onlyExposers}, and the scheduler of Kubernetes: another one needs the verb. */
export const onlySchedulers = (otherwise: string): Policy['validations'][0] => ({
  holds: `request.userInfo.username == 'system:kube-scheduler' || ${MAY_EXPOSE}`,
  otherwise,
})

/** Whoever has this verb removes what is ours and nothing else: the server has it. */
export const SWEEP = 'sweep'

const MAY_SWEEP = `authorizer.group('${GROUP}').resource('${PLURALS.UserDeployment}').check('${SWEEP}').allowed()`

/** An administrator of the cluster has every verb, and is meant by no policy about the server. */
const IS_BOUND = [MAY_SWEEP, `!authorizer.group('').resource('nodes').check('delete').allowed()`].join(' && ')

/** Of what the server deletes: it carries our label. */
export const sweepsOnlyOurs = (otherwise: string): Policy['validations'][0] => ({
  holds: `oldObject.metadata.?labels[?'${LABELS.managedBy}'].orValue('') == '${MANAGED_BY}' || !(${IS_BOUND})`,
  otherwise,
})

/** As {@link onlyExposers}, and whoever sweeps may remove what a deployment left behind, but not what names none. */
export const onlyExposersAndSweepers = (otherwise: string): Policy['validations'][0] => ({
  holds: `${MAY_EXPOSE} || (request.operation == 'DELETE' && oldObject.metadata.?labels[?'${LABELS.deployment}'].hasValue() && ${MAY_SWEEP})`,
  otherwise,
})

/** The policy and what binds it to all namespaces that the server made for a tenant, or to everything. */
export function manifestsOf({
  name,
  targets,
  isEverywhere,
  only,
  variables,
  validations,
}: Policy): Record<string, unknown>[] {
  const apiVersion = 'admissionregistration.k8s.io/v1'
  const metadata = { name: `shipyard-${name}` }
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: targets.map(({ groups, resources, operations = ['CREATE', 'UPDATE'] }) => ({
            apiGroups: groups,
            apiVersions: ['*'],
            operations,
            resources,
            // An object of no namespace would be looked at whatever the binding selects.
            ...(isEverywhere ? {} : { scope: 'Namespaced' }),
          })),
        },
        ...(only ? { matchConditions: [{ name: only.name, expression: only.where }] } : {}),
        ...(variables
          ? { variables: Object.entries(variables).map(([key, expression]) => ({ name: key, expression })) }
          : {}),
        validations: validations.map(({ holds, otherwise }) => ({
          expression: holds,
          message: otherwise,
          reason: 'Forbidden',
        })),
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: {
        policyName: metadata.name,
        validationActions: ['Deny'],
        ...(isEverywhere
          ? {}
          : { matchResources: { namespaceSelector: { matchLabels: { [LABELS.managedBy]: MANAGED_BY } } } }),
      },
    },
  ]
}
