import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { eventually, openCluster, restrictedNamespace, stackEnv } from '../../../e2e/fixtures/cluster.ts'
import { restrictedContainer, restrictedPod, shellPod } from '../../../e2e/fixtures/hello-manifests.ts'
import { Dns1123Label } from '../../contract/names.ts'
import { skipUnless } from '../../testing/levels.ts'
import { createKube } from './kubernetes.ts'
import type { LogSource, RunningProgram } from './port.ts'

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const cluster = openCluster()
  const kube = createKube({ kubeconfig: stackEnv('KUBECONFIG') })
  const namespace = Dns1123Label.parse('kube-port-exec') as LogSource['namespace']
  const shell: LogSource = {
    namespace,
    pod: Dns1123Label.parse('shell'),
    container: Dns1123Label.parse('shell'),
  }
  const signal = AbortSignal.timeout(170_000)

  const run = async (command: string[], source = shell) => {
    const program = await kube.exec(source, { command, signal })
    program.stdin.end()
    const [out, err, code] = await Promise.all([text(program.stdout), text(program.stderr), program.exit])
    return { out, err, code }
  }

  beforeAll(async () => {
    await cluster.apply(restrictedNamespace(namespace), shellPod(namespace, 'shell'), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'hello', namespace },
      spec: {
        terminationGracePeriodSeconds: 0,
        securityContext: restrictedPod,
        containers: [
          {
            name: 'hello',
            image: 'registry.localhost/shipyard/hello:1',
            securityContext: restrictedContainer,
          },
        ],
      },
    })
    await eventually(60_000, async () => run(['true']))
  })
  afterAll(async () => {
    await cluster.delete(`/api/v1/namespaces/${namespace}`)
    await Promise.all([cluster.close(), kube.close()])
  })

  it('gives both outputs apart, and the exit code', async () => {
    const said = await run(['sh', '-c', 'echo out; echo err >&2; exit 7'])
    expect(said).toEqual({ out: 'out\n', err: 'err\n', code: 7 })
  })

  it('gives the exit code exactly, run after run', async () => {
    // Twenty at a time: one after the other takes a quarter of a second each.
    const runs = inject('testLevel') > 1 ? 1_000 : 100
    const wrong: string[] = []
    for (let first = 0; first < runs; first += 20) {
      const codes = Array.from({ length: 20 }, (_, index) => (first + index) % 256)
      const seen = await Promise.all(codes.map(async (code) => run(['sh', '-c', `exit ${code}`])))
      seen.forEach(({ code }, index) => {
        if (code !== codes[index]) wrong.push(`${code} instead of ${codes[index]}`)
      })
    }
    expect(wrong).toEqual([])
  })

  it('ends the input alone, and then has the rest of the output', async () => {
    const program = await kube.exec(shell, { command: ['sh', '-c', 'cat; echo done'], signal })
    program.stdin.end(Buffer.alloc(1_000_000, 'x'))
    const [out, code] = await Promise.all([text(program.stdout), program.exit])
    expect([out.length, out.slice(-6), code]).toEqual([1_000_005, 'xdone\n', 0])
  })

  /** A shell at a terminal, and all that it has shown. */
  async function terminal(): Promise<{ program: RunningProgram; shown: () => string }> {
    const program = await kube.exec(shell, {
      command: ['/bin/sh'],
      isTty: true,
      size: { columns: 91, rows: 33 },
      signal,
    })
    let shown = ''
    program.stdout.on('data', (bytes: Buffer) => (shown += bytes.toString('utf8')))
    return { program, shown: () => shown }
  }

  it('is a terminal with a size, which changes', async () => {
    const { program, shown } = await terminal()
    program.stdin.write('stty size; echo $((6*7))\n')
    await expect.poll(shown, { timeout: 20_000 }).toContain('33 91\r\n42')
    program.resize({ columns: 120, rows: 50 })
    program.stdin.write('stty size\n')
    await expect.poll(shown, { timeout: 20_000 }).toContain('50 120')
    program.stdin.write('exit 9\n')
    expect(await program.exit).toBe(9)
  })

  it('leaves no shell behind when it is left', async () => {
    const { program, shown } = await terminal()
    program.stdin.write('echo $((40+2)); sleep 98765\n')
    await expect.poll(shown, { timeout: 20_000 }).toContain('\n42')
    await eventually(20_000, async () => expect((await run(['ps'])).out).toContain('sleep 98765'))
    program.close()
    await expect(program.exit).rejects.toMatchObject({ code: 'CLUSTER_UNAVAILABLE' })
    await eventually(20_000, async () => {
      const { out } = await run(['ps'])
      expect(out).not.toMatch(/sleep 98765|\/bin\/sh$/m)
    })
  })

  it('holds little of 50 MB for a reader that stalls, and then gives all of it', async () => {
    const bytes = 50 * 1024 * 1024
    const program = await kube.exec(shell, { command: ['sh', '-c', `yes | head -c ${bytes}`], signal })
    const before = process.memoryUsage().rss
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(process.memoryUsage().rss - before).toBeLessThan(16 * 1024 * 1024)
    let seen = 0
    for await (const chunk of program.stdout as AsyncIterable<Buffer>) seen += chunk.length
    expect([seen, await program.exit]).toEqual([bytes, 0])
  })

  it.each([
    ['an image without it', 'hello', 'hello', 'PROGRAM_MISSING'],
    ['a pod that is not there', 'other', 'shell', 'NOT_FOUND'],
    ['a container that is not there', 'shell', 'other', 'NOT_FOUND'],
  ])('says of %s what is the matter', async (_, pod, container, code) => {
    const source = { namespace, pod: Dns1123Label.parse(pod), container: Dns1123Label.parse(container) }
    await expect(run(['/bin/sh'], source)).rejects.toMatchObject({ code })
  })
})
