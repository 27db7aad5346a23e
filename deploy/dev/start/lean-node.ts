/**
 * How Node.js is run where memory counts, as for an operator that should fit into 150 MiB (docs/decisions/030). Node
 * takes the machine's memory for its own and collects garbage late.
 */

/** Arguments before the script. */
export const LEAN_FLAGS: readonly string[] = [
  // Two of 16 MiB are kept otherwise for what is young.
  '--max-semi-space-size=4',
  // So little is collected in less time than a second thread takes to join in.
  '--no-parallel-scavenge',
  // A collection when a third has come to what was left by the last one, instead of when it has grown to four times that.
  '--heap-growing-percent=33',
  // What a burst of work leaves behind is collected when the program rests (docs/decisions/059).
  '--expose-gc',
]

/**
 * @param folder where compiled code is kept from start to start: without it the compiler that takes types away stays in
 * memory
 */
export const leanEnvironment = (folder: string): Record<string, string> => ({
  NODE_COMPILE_CACHE: folder,
  // glibc gives each thread memory of its own, which one that works alone never fills (mallopt(3)).
  MALLOC_ARENA_MAX: '1',
})
