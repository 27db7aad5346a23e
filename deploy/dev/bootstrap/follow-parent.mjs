// @ts-check
/**
 * Loaded before every program that bootstrap.mjs starts: when bootstrap.mjs dies without a word (kill -9),
 * the program is asked to stop as by `kill`, so that nothing it started is left behind.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The channel must not keep a program alive that has nothing left to do.
process.channel?.unref()
