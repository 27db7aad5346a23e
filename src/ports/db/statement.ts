/** A SQL statement of prisma/sql with the types that PostgreSQL gave for it; `npm run gen` writes them. */
export interface Statement<Params, Row> {
  /** Name of its file. Connections keep the prepared statement, and metrics the time, under this name. */
  readonly name: string
  readonly text: string
  /** Keys of the parameters in the order of `$1`, `$2`…; a `json` one is sent as a JSON text. */
  readonly params: readonly (keyof Params & string)[]
  readonly json: readonly (keyof Params & string)[]
  /** Keys of a row in the order of the columns. */
  readonly columns: readonly (keyof Row & string)[]
  /** Never set: it carries the types. */
  readonly types?: { readonly params: Params; readonly row: Row }
}

/** Only generated files call this. */
export function statement<Params, Row>(source: Statement<Params, Row>): Statement<Params, Row> {
  return source
}

/** What a statement is called with. */
export type ParamsOf<S> = S extends Statement<infer Params, infer _> ? Params : never
/** One row of its answer. */
export type RowOf<S> = S extends Statement<infer _, infer Row> ? Row : never
