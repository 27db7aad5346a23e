/** What an image is made of: plain data, given to `buildImage`. */

interface FileAttributes {
  /** Absolute path in the image, normalised, without a trailing slash. */
  path: string
  /** Permission bits; 0644 for a file, 0755 for a folder, always 0777 for a symbolic link. */
  mode?: number
  uid?: number
  gid?: number
}

/** One thing in the image. Parent folders that are not listed are made as root's, 0755. */
export type ImageFile = FileAttributes &
  (
    | { content: string | Uint8Array; sourcePath?: never; symlink?: never; directory?: never }
    | { sourcePath: string; content?: never; symlink?: never; directory?: never }
    | { symlink: string; content?: never; sourcePath?: never; directory?: never }
    | { directory: true; content?: never; sourcePath?: never; symlink?: never }
  )

interface ImageConfig {
  entrypoint?: string[]
  cmd?: string[]
  env?: Record<string, string>
  /** `uid` or `uid:gid`; root when missing. */
  user?: string
  workingDir?: string
  /** Such as `8080/tcp`. */
  exposedPorts?: string[]
  labels?: Record<string, string>
}

export interface ImageSpec {
  /** The repository, such as `shipyard/hello`. */
  name: string
  tag: string
  /** Layers below `files`, lowest first; equal layers of two images are one blob in a registry. */
  lowerLayers?: ImageFile[][]
  files: ImageFile[]
  config: ImageConfig
  /** Node's name of the processor architecture; this machine's when missing. */
  arch?: string
}
