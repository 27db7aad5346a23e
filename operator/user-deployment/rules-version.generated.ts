// Written by `npm run gen` from src/contract/crd/user-deployment.ts and what it imports: change that.
export const RULES_VERSION = '6e319c81e2aea542e4ae'
