// @ts-check
/** A failure whose message is written for people and is all they need. */
export class Refusal extends Error {}
