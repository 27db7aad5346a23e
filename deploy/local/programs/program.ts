/** What the catalogue says of a program, as plain data: which version, which files, where it may come from. */

/** How a program found on `PATH` is asked for its version, so that only one that fits is used. */
export interface PathCheck {
  readonly arguments: readonly string[]
  /** First capture group: the version, e.g. `1.34.4`. Matched against standard output and error together. */
  readonly pattern: RegExp
  /** The patch number must be at least ours (a lower one has a known fault). Else major and minor are enough. */
  readonly patchAtLeast?: boolean
}

/** An asset of an official release; `{version}`, `{arch}` and `{machine}` in its addresses and paths are filled in. */
export interface ReleaseSource {
  readonly kind: 'release'
  readonly url: string
  /** SHA-256 by architecture (`amd64`), where it is known beforehand. */
  readonly sha256?: Readonly<Record<string, string>>
  /** Where the release publishes its SHA-256: a file with the bare sum, or with lines `sum  name`. */
  readonly checksumUrl?: string
  /** Path inside the tar.gz by file name; null when the asset is the executable itself. */
  readonly members: Readonly<Record<string, string>> | null
}

/** `go build` of a module whose sums are checked in. */
export interface GoBuildSource {
  readonly kind: 'go-build'
  /** Folder with the go.mod, relative to `deploy/local/`. */
  readonly module: string
  /** Go package by file name. */
  readonly packages: Readonly<Record<string, string>>
  /** Values for `-X` of the linker. */
  readonly stamps?: Readonly<Record<string, string>>
  readonly tags?: readonly string[]
  /** Needs a C compiler, and this entry of the catalogue with a static library and its headers; linked statically. */
  readonly cgo?: 'libseccomp'
}

/** Files copied out of a verified Go module: the custom resource definitions of a folder, unless it names others. */
export interface GoFilesSource {
  readonly kind: 'go-files'
  /** Folder with the go.mod, relative to `deploy/local/`. */
  readonly module: string
  /** The module that holds the files, and the folder in it. */
  readonly of: string
  readonly folder: string
  readonly files?: readonly string[]
}

/** A Python wheel, pinned by hash in a requirements file, that carries the executable. */
export interface WheelSource {
  readonly kind: 'wheel'
  /** Relative to `deploy/local/`. */
  readonly requirements: string
  /** How the path of the executable inside the wheel ends. */
  readonly member: string
}

/** Debian packages, unpacked and never installed. */
export interface DebianSource {
  readonly kind: 'debian'
  readonly packages: readonly string[]
  /** What is made of the unpacked tree: scripts that run its programs, one file of it, or the tree as it is. */
  readonly deliver: 'net-tools' | 'tree' | { readonly file: string } | { readonly runner: string }
}

/** The machine's own network tools, behind the same wrapper scripts as the unpacked ones. */
interface MachineToolsSource {
  readonly kind: 'machine-tools'
}

export type Source =
  | ReleaseSource
  | GoBuildSource
  | GoFilesSource
  | WheelSource
  | DebianSource
  | MachineToolsSource

export interface Program {
  /** `{ hashOf }`: a folder (relative to `deploy/local/`) whose contents make the version. */
  readonly version: string | { readonly hashOf: string }
  /** The file that `get` answers with; null when it answers with the folder. */
  readonly file: string | null
  /** Comes with another entry of the catalogue and stands in its folder. */
  readonly partOf?: string
  /** Files that come with it and must stand beside it. */
  readonly alongside?: readonly string[]
  readonly onPath?: PathCheck
  /** Tried in this order, after the setting, `PATH` and the cache. */
  readonly sources: readonly Source[]
  /** Measured seconds of a first build on two cores, in the order of the catalogue. */
  readonly buildSeconds?: number
}

export type Catalogue<Name extends string> = Readonly<Record<Name, Program>>
