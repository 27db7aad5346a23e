/**
 * tRPC's builder, narrowed: what a procedure answers with comes first, then its input, then what it does; and one that
 * says nothing of the audit cannot become a mutation, nor one that does a query.
 */
import type {
  inferParser,
  Parser,
  ProcedureBuilder,
  Simplify,
} from '@trpc/server/unstable-core-do-not-import'

// oxlint-disable-next-line typescript/no-explicit-any -- stands for every builder, as tRPC's own type of this kind does
type AnyBuilder = ProcedureBuilder<any, any, any, any, any, any, any, any>

/** What a procedure may become. */
export type Reading = 'query' | 'subscription'
export type Changing = 'mutation'

export interface Declared<Builder extends AnyBuilder, Becomes extends Reading | Changing> {
  output<Schema extends Parser>(schema: Schema): WithInput<Answering<Builder, Schema>, Becomes>
}

type WithInput<Builder extends AnyBuilder, Becomes extends Reading | Changing> = Pick<Builder, Becomes> & {
  input<Schema extends Parser>(schema: Schema): Pick<Taking<Builder, Schema>, Becomes>
}

type Answering<Builder extends AnyBuilder, Schema extends Parser> =
  Builder extends ProcedureBuilder<
    infer Context,
    infer Meta,
    infer Overrides,
    infer In,
    infer Taken,
    infer _,
    infer _,
    infer Caller
  >
    ? ProcedureBuilder<
        Context,
        Meta,
        Overrides,
        In,
        Taken,
        inferParser<Schema>['in'],
        inferParser<Schema>['out'],
        Caller
      >
    : never

type Taking<Builder extends AnyBuilder, Schema extends Parser> =
  Builder extends ProcedureBuilder<
    infer Context,
    infer Meta,
    infer Overrides,
    infer In,
    infer Taken,
    infer OutIn,
    infer Out,
    infer Caller
  >
    ? ProcedureBuilder<
        Context,
        Meta,
        Overrides,
        And<In, inferParser<Schema>['in']>,
        And<Taken, inferParser<Schema>['out']>,
        OutIn,
        Out,
        Caller
      >
    : never

/** tRPC's mark of "nothing yet" is a text; inputs are objects. */
type And<Before, More> = Before extends string ? More : Simplify<Before & More>
