/**
 * The definitions of our kinds as files for `kubectl apply`, from the zod definitions in the contract.
 * `npm run gen` writes them; `npm run check` says when they are out of date.
 */
import { stringify } from 'yaml'
import type { z } from 'zod'

import { GROUP, PLURALS, VERSION, type Kind } from '../../src/contract/crd/meta.ts'
import { UserDeploymentSpec, UserDeploymentStatus } from '../../src/contract/crd/user-deployment.ts'
import { toStructural } from './structural.ts'

interface PrinterColumn {
  name: string
  type: 'string' | 'integer' | 'date'
  jsonPath: string
  description: string
  /** Above 0: shown by `kubectl get -o wide` only. */
  priority?: number
}

interface Definition {
  kind: Kind
  shortName: string
  description: string
  spec: z.ZodType
  status: z.ZodType
  columns: PrinterColumn[]
}

const userDeployment: Definition = {
  kind: 'UserDeployment',
  shortName: 'udep',
  description: 'An app of one or more services, and how it fares.',
  spec: UserDeploymentSpec,
  status: UserDeploymentStatus,
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands.' },
    {
      name: 'Ready',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: 'Whether all services run as wished.',
    },
    { name: 'URL', type: 'string', jsonPath: '.status.urls[0]', description: 'Where it answers.' },
    {
      name: 'Reason',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
      description: 'Why it stands so.',
      priority: 1,
    },
    {
      name: 'Revision',
      type: 'integer',
      jsonPath: '.spec.revision',
      description: 'The revision that is wanted.',
      priority: 1,
    },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Since when.' },
  ],
}

/** Object names are built from this one: it has to be as short, and as free of hyphens, as a generated one. */
export const nameRule = {
  rule: "self.metadata.name.matches('^[a-z][a-z2-7]{9}$')",
  message: 'The name is ten characters from a to z and 2 to 7 and begins with a letter.',
}

/** A CustomResourceDefinition as a plain object. */
function customResourceDefinition(definition: Definition): Record<string, unknown> {
  const { kind, shortName, description, columns } = definition
  const plural = PLURALS[kind]
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: [shortName],
        categories: ['shipyard'],
      },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: {
            openAPIV3Schema: {
              description,
              type: 'object',
              'x-kubernetes-validations': [nameRule],
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: toStructural(definition.spec),
                status: toStructural(definition.status),
              },
            },
          },
        },
      ],
    },
  }
}

/** Every file of this folder that is generated, by its path from the root of the repository. */
export function generateManifests(): Record<string, string> {
  return { 'operator/manifests/userdeployments.yaml': file(customResourceDefinition(userDeployment)) }
}

function file(object: Record<string, unknown>): string {
  const note = '# Generated from src/contract/crd by `npm run gen`. Do not edit.\n'
  // Without aliases and folded lines: a difference between two versions then shows what changed, and no more.
  return note + stringify(object, { lineWidth: 0, singleQuote: true, aliasDuplicateObjects: false })
}
