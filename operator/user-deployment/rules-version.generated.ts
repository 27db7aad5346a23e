// Written by `npm run gen` from src/contract/crd/user-deployment.ts and what it imports: change that.
export const RULES_VERSION = '3903ae25441da161121a'
