/** A letter in both forms: programs that show no HTML show the text. */
export interface Mail {
  /** Names the effect that this letter is: mail servers see by it that a letter came twice. */
  readonly id: string
  /** One address. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/**
 * Hands letters to a mail server. That it took one does not say that it arrives.
 *
 * A letter may come twice: when the server took it and the answer was lost, nobody can know.
 */
export interface MailPort {
  /**
   * @throws AppError `MAIL_UNAVAILABLE` when the server cannot be reached, is slow or says "later"; trying again helps.
   *   `MAIL_REFUSED` when it refuses this letter for good, with its own words as `because`.
   */
  send(mail: Mail, options?: { readonly signal?: AbortSignal }): Promise<void>
}
