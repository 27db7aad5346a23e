// Written by `npm run gen` from src/contract/crd/user-deployment.ts and what it imports: change that.
export const RULES_VERSION = 'fc8f6632ec213a314900'
