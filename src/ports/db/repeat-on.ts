import { isConstraintError } from './errors.ts'

/**
 * Runs a statement, and once more if these constraints refused it: for statements that look for a row first and
 * would find it the second time, because another connection has made it meanwhile.
 */
export async function repeatOn<T>(constraints: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isConstraintError(error, ...constraints)) throw error
    return work()
  }
}
