import { expect, it } from 'vitest'

import { fieldLabel, fieldValue, imageName, revisionMark } from './revision-words.ts'

it.each([
  ['visibility', 'Who reaches it'],
  ['ingress.port', 'The service that its address leads to'],
  ['ingress.tls', 'Secret with a certificate of its own'],
  ['ingress.tls.secretName', 'Secret with a certificate of its own'],
  ['ingress.redirectToHttps', 'Leading everybody to HTTPS'],
  ['ingress.responseHeaders.X-Frame-Options', 'Header X-Frame-Options of every answer'],
  ['services.ingress.image', 'Image of ingress'],
  ['newField.deep', 'newField.deep'],
  ['pullSecrets[0].version', 'Credentials for images'],
  ['services.web', 'Service web'],
  ['services.web.image', 'Image of web'],
  ['services.web.replicas', 'Number of pods of web'],
  ['services.web.autoscaling.maxReplicas', 'Scaling by load of web'],
  ['services.web.env.GREETING', 'Variable GREETING of web'],
  ['services.web.configFiles./etc/app.d/a.conf', 'Config file /etc/app.d/a.conf of web'],
  ['services.web.configFiles./etc/app.d/a.conf.content', 'Config file /etc/app.d/a.conf of web'],
  ['services.web.configFiles./etc/a.conf.mode', 'Permissions of the config file /etc/a.conf of web'],
  ['services.web.secrets.users/usr_a/abc.version', 'Version of the secrets of web'],
  ['services.web.secrets.users/usr_a/abc.keys[0].env', 'Secrets of web'],
  ['services.web.resources.limits.memory', 'Memory that web may use'],
  ['services.web.volumes[0].size', 'Volumes of web'],
  ['services.web.somethingNew.deep', 'somethingNew.deep of web'],
])('says what stands at %s', (path, label) => {
  expect(fieldLabel(path)).toBe(label)
})

it.each([
  ['services.web.env.A', undefined, 'not there'],
  ['services.web.env.A', '', 'empty'],
  ['services.web.env.A', 'a\nb', 'a\nb'],
  ['services.web.replicas', undefined, 'not set'],
  ['services.web.replicas', 1, '1 pod'],
  ['services.web.replicas', 3, '3 pods'],
  ['services.web.configFiles./etc/a', { content: 'text', mode: 292 }, 'text'],
  ['services.web.configFiles./etc/a.mode', 292, '0444'],
  ['services.web.secrets.users/usr_a/abc.version', 2, 'version 2'],
  ['rollbackOnFailure', true, 'yes'],
  ['services.web.ports[0].port', 8080, '8080'],
  ['services.web.dependsOn', null, 'null'],
])('writes the value of %s (%j) as %s', (path, value, text) => {
  expect(fieldValue(path, value)).toBe(text)
})

it('tells what runs from what is wanted', () => {
  const ready = { phase: 'Ready', suspended: false, revision: 3, readyRevision: 3 } as const
  const rolling = { ...ready, phase: 'Provisioning', readyRevision: 2 } as const
  const broken = { ...rolling, phase: 'Error' } as const
  const words = (present: typeof ready | typeof rolling | typeof broken) =>
    [3, 2, 1].map((number) => revisionMark({ number }, present)?.word)
  expect(words(ready)).toEqual(['runs now', undefined, undefined])
  expect(words(rolling)).toEqual(['wanted', 'runs now', undefined])
  expect(words(broken)).toEqual(['wanted, does not run', 'runs now', undefined])
})

it('says of nothing that it runs while it is stopped, or broken since', () => {
  const stopped = { phase: 'Ready', suspended: true, revision: 3, readyRevision: 3 } as const
  expect(revisionMark({ number: 3 }, stopped)?.word).toBe('runs when started')
  expect(revisionMark({ number: 2 }, { ...stopped, readyRevision: 2 })).toBeUndefined()
  expect(revisionMark({ number: 3 }, { ...stopped, suspended: false, phase: 'Error' })).toEqual({
    word: 'wanted, was ready before',
    tone: 'bad',
  })
})

it('names an image as people do', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  expect(imageName(`registry.localhost/shipyard/hello:1@${digest}`)).toBe('hello:1')
  expect(imageName(`localhost:5000/hello@${digest}`)).toBe('hello@sha256:aaaaaaaaaaaa')
  expect(imageName('nginx')).toBe('nginx')
})
