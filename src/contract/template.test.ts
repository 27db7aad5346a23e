import { expect, it } from 'vitest'
import { parse } from 'yaml'

import { TemplateDocument } from './template.ts'

/** The example of the documentation, with what else a template can say. */
const LIBRECHAT = `
metadata:
  displayName: LibreChat AI Stack
  description: A chat with several models, with its database and cache.
  category: AI & ML
  visibility: org
envVars:
  - name: OPENAI_API_KEY
    description: Key of your account there.
    secret: true
    services: [librechat]
  - name: TLS_KEY
    secret: true
    required: true
    file: { path: /run/tls/key.pem }
  - name: APP_TITLE
    defaultValue: Chat
services:
  - name: librechat
    image: ghcr.io/danny-avila/librechat:latest
    containerPort: 3080
    hasConfigMap: true
    hasSecrets: true
    resources:
      requests: { cpu: 500m, memory: 1Gi }
      limits: { cpu: 2000m, memory: 4Gi }
    dependsOn: [mongodb, redis]
    health: { http: { path: /health, port: 3080 } }
  - name: mongodb
    image: mongo:6
    containerPort: 27017
    hasConfigMap: false
    volumes: [{ name: data, path: /data/db, size: 1Gi }]
    runAsUser: 999
  - name: redis
    image: redis:7-alpine
    containerPort: 6379
    configFiles: [{ path: /etc/redis.conf, content: "save ''" }]
ingress:
  service: librechat
  port: 3080
`

const read = (change: (text: string) => string = (text) => text) =>
  TemplateDocument.safeParse(parse(change(LIBRECHAT)))

it('reads the example of the documentation', () => {
  const { data, error } = read()
  expect(error).toBeUndefined()
  expect(data).toMatchObject({
    metadata: { visibility: 'org' },
    envVars: [
      { secret: true, required: false },
      { file: { path: '/run/tls/key.pem', mode: 0o444 } },
      { secret: false },
    ],
    services: [
      { hasSecrets: true },
      { hasConfigMap: false, hasSecrets: false },
      { hasConfigMap: true, hasSecrets: false },
    ],
  })
})

it.each([
  [
    'a port beyond the last',
    'containerPort: 6379',
    'containerPort: 70000',
    'services.2.containerPort: Port must be a whole number from 1 to 65535.',
  ],
  [
    'an unknown field',
    'runAsUser: 999',
    'runAsuser: 999',
    'services.1.runAsuser: There is no field "runAsuser" here: remove it or correct its spelling.',
  ],
  [
    'an unknown field deep inside',
    'requests: { cpu',
    'request: { cpu',
    'services.0.resources.request: There is no field "request" here: remove it or correct its spelling.',
  ],
  [
    'an unknown dependency',
    '[mongodb, redis]',
    '[mongo]',
    'services.0.dependsOn.0: A service depends on one that is not in this deployment, or on itself: correct its dependsOn.',
  ],
  [
    'an ingress to nobody',
    'service: librechat',
    'service: chat',
    'ingress.service: The ingress names a service or a TCP port that this template does not have: correct it.',
  ],
  [
    'an ingress to no port',
    '  port: 3080\n',
    '  port: 80\n',
    'ingress.port: The ingress names a service or a TCP port that this template does not have: correct it.',
  ],
  [
    'a default for a secret',
    'required: true',
    'defaultValue: x',
    'envVars.1.defaultValue: A secret has no default value, because a template can be read by many: remove one of the two.',
  ],
  [
    'a file for what is no secret',
    'secret: true\n    required: true',
    'required: true',
    'envVars.1.file: Only a secret is given as a file here: make it a secret, or use a config file of the service.',
  ],
  [
    'a variable for nobody',
    'services: [librechat]',
    'services: [chat]',
    'envVars.0.services.0: A variable goes to a service that is not in this template: correct the name.',
  ],
  [
    'a variable twice',
    'name: TLS_KEY',
    'name: OPENAI_API_KEY',
    'envVars.1.name: Each variable is asked for once: remove the second.',
  ],
  [
    'a volume for two pods',
    'runAsUser: 999',
    'replicas: 2',
    'services.1.replicas: A service with a volume runs as one pod, because a volume is held by one: set one replica or remove the volume.',
  ],
  [
    'an unknown visibility',
    'visibility: org',
    'visibility: all',
    'metadata.visibility: The visibility is one of private, team, org and public.',
  ],
  [
    'no description',
    'A chat with several models, with its database and cache.',
    '""',
    'metadata.description: The description of a template has 1 to 2000 characters.',
  ],
  [
    'an image in capitals',
    'image: mongo:6',
    'image: Mongo:6',
    'services.1.image: An image is written like ghcr.io/owner/app:1.2: a registry (or none for Docker Hub), a lower-case path, a tag or a digest.',
  ],
])('refuses %s at its place', (_, ...[from, to, problem]) => {
  expect(LIBRECHAT).toContain(from)
  const { error } = read((text) => text.replace(from, to))
  const found = error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  expect(found).toEqual([problem])
})

it.each([undefined, null, 7, 'text', [], {}])('refuses %j without an exception', (value) => {
  expect(TemplateDocument.safeParse(value).success).toBe(false)
})
