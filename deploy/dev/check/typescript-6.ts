/**
 * Loaded before dependency-cruiser (`node --import`): when that asks for TypeScript it is given version 6.
 * It reads files by TypeScript's old programming interface, which version 7, the one this repository is
 * checked with, has no more; its other parser stumbles over `using`.
 */
import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^typescript(?=$|\/)/, 'typescript-6'), context),
})
