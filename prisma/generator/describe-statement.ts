/** Asks PostgreSQL what a statement takes and gives, without running it. */
import type { Client, Connection, FieldDef, Submittable } from 'pg'

export interface Description {
  /** Type of each parameter, by oid. */
  readonly params: readonly number[]
  readonly columns: readonly Column[]
}

export type Column = Pick<FieldDef, 'name' | 'dataTypeID' | 'tableID' | 'columnID'>

/**
 * `Parse`, `Describe`, `Sync` of the wire protocol.
 *
 * @throws what PostgreSQL says against the statement
 */
export async function describeStatement(client: Client, text: string): Promise<Description> {
  return new Promise((resolve, reject) => {
    client.query(new Describe(text, resolve, reject))
  })
}

/** pg calls these methods as the answers come in; it knows no name for the types of the parameters. */
class Describe implements Submittable {
  private params: readonly number[] = []
  private columns: readonly Column[] = []
  private readonly text: string
  private readonly resolve: (description: Description) => void
  private readonly reject: (error: Error) => void

  constructor(text: string, resolve: (description: Description) => void, reject: (error: Error) => void) {
    this.text = text
    this.resolve = resolve
    this.reject = reject
  }

  submit(connection: Connection): void {
    connection.once('parameterDescription', (message: { dataTypeIDs: number[] }) => {
      this.params = message.dataTypeIDs
    })
    connection.parse({ name: '', text: this.text, types: [] }, true)
    connection.describe({ type: 'S', name: '' }, true)
    connection.sync()
  }

  handleParseComplete(): void {}

  handleRowDescription(message: { fields: readonly Column[] }): void {
    this.columns = message.fields
  }

  /** The last that pg lets a query hear when it fails. */
  handleError(error: Error): void {
    this.reject(error)
  }

  handleReadyForQuery(): void {
    this.resolve({ params: this.params, columns: this.columns })
  }
}
