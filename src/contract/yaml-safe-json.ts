/**
 * JSON that a YAML reader takes for the same value. The API server reads what is applied as YAML 1.1, of which JSON
 * is no subset: the characters below are either refused ("control characters are not allowed") or, as line breaks,
 * folded into a space. JSON may hold them as they are, so they are written as escapes, which mean the same to both.
 * Source: yaml.org/spec/1.1, 5.1 Character Set and 5.4 Line Break Characters.
 */
const NOT_IN_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu

/** @throws {TypeError} the value cannot be written as JSON */
export const yamlSafeJson = (value: unknown): string => JSON.stringify(value).replaceAll(NOT_IN_YAML, escaped)

const escaped = (character: string): string =>
  String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
