/**
 * Builds an OCI image from a list of files, without a container engine. The same spec gives the same digest on
 * every machine of one architecture: entries are sorted, times are the epoch, layers are not compressed.
 * Nothing is written to disk: a blob is a digest, a size and a way to stream it (again).
 */
import { createHash } from 'node:crypto'
import { layerEntries } from './image-layer.ts'
import type { ImageFile, ImageSpec } from './image-spec.ts'
import { writeTar } from './tar.ts'

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG_TYPE = 'application/vnd.oci.image.config.v1+json'
const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar'

/** The names that image configurations use for Node's `process.arch`. */
const ARCHITECTURES: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

export interface ImageBlob {
  /** `sha256:` and 64 hexadecimal digits. */
  digest: string
  size: number
  mediaType: string
  /** Streams the bytes from the start; may be called again. */
  open: () => AsyncIterable<Uint8Array>
}

export interface OciImage {
  name: string
  tag: string
  /** The manifest's digest: what `name@digest` pins. */
  digest: string
  manifest: Uint8Array
  manifestType: string
  /** The layers, lowest first, then the configuration. */
  blobs: ImageBlob[]
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

async function layerBlob(files: readonly ImageFile[]): Promise<ImageBlob> {
  const entries = await layerEntries(files)
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of writeTar(entries)) {
    hash.update(chunk)
    size += chunk.byteLength
  }
  const digest = `sha256:${hash.digest('hex')}`
  return { digest, size, mediaType: LAYER_TYPE, open: () => writeTar(entries) }
}

function configBlob(spec: ImageSpec, layers: readonly ImageBlob[]): ImageBlob {
  const arch = spec.arch ?? process.arch
  const architecture = ARCHITECTURES[arch]
  if (architecture === undefined)
    throw new Error(`An image cannot be made for the processor architecture "${arch}"; use x64 or arm64.`)
  const { config } = spec
  const sorted = (record: Record<string, string> = {}): [string, string][] =>
    Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const bytes = jsonBytes({
    created: '1970-01-01T00:00:00Z',
    architecture,
    os: 'linux',
    config: {
      User: config.user,
      ExposedPorts:
        config.exposedPorts && Object.fromEntries(config.exposedPorts.toSorted().map((port) => [port, {}])),
      Env: sorted(config.env).map(([name, value]) => `${name}=${value}`),
      Entrypoint: config.entrypoint,
      Cmd: config.cmd,
      WorkingDir: config.workingDir,
      Labels: config.labels && Object.fromEntries(sorted(config.labels)),
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
  })
  return {
    digest: sha256(bytes),
    size: bytes.byteLength,
    mediaType: CONFIG_TYPE,
    open: async function* () {
      yield bytes
    },
  }
}

/**
 * Builds the image that a spec describes. Source files are read once here for their digest and once more by
 * each `open()`; they must not change in between.
 *
 * @throws Error if a path is not absolute and normalised or is listed twice, or a source file cannot be read.
 */
export async function buildImage(spec: ImageSpec): Promise<OciImage> {
  const layers: ImageBlob[] = []
  for (const files of [...(spec.lowerLayers ?? []), spec.files]) layers.push(await layerBlob(files))
  const config = configBlob(spec, layers)
  const descriptor = ({ mediaType, digest, size }: ImageBlob): object => ({ mediaType, digest, size })
  const manifest = jsonBytes({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: descriptor(config),
    layers: layers.map(descriptor),
  })
  return {
    name: spec.name,
    tag: spec.tag,
    digest: sha256(manifest),
    manifest,
    manifestType: MANIFEST_TYPE,
    blobs: [...layers, config],
  }
}
