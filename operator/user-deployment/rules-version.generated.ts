// Written by `npm run gen` from src/contract/crd/user-deployment.ts and what it imports: change that.
export const RULES_VERSION = 'a2d2cef85bc721bc20a4'
