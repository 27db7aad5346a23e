/** What the server refuses: a code of docs/errors.md, a sentence for people, the request's id. */
export class ShipyardError extends Error {
  override readonly name = 'ShipyardError'
  readonly code: string
  readonly status: number
  readonly requestId: string | undefined

  constructor(
    sentence: string,
    { code, status, requestId }: { code: string; status: number; requestId?: string },
  ) {
    super(sentence)
    this.code = code
    this.status = status
    this.requestId = requestId
  }

  /** From an answer that is no success. */
  static async of(response: Response): Promise<ShipyardError> {
    const body: unknown = await response.json().catch(() => undefined)
    const { code, sentence, requestId } = (body ?? {}) as Partial<Record<string, string>>
    return new ShipyardError(sentence ?? `The server answered with status ${response.status}.`, {
      code: code ?? 'UNKNOWN',
      status: response.status,
      ...(requestId === undefined ? {} : { requestId }),
    })
  }
}
