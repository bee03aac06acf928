/** What a sealed text is for, and where it stands: it opens for nothing else. */
export interface SealedFor {
  /** Such as `signing-key`, `webhook`, `lease`. */
  readonly purpose: string
  /** The id of its record. */
  readonly row: string
}

/** Secrets at rest: they stand in the database only sealed (docs/operations.md#secrets-in-the-database). */
export interface Sealer {
  seal(text: string, about: SealedFor): string
  /** @throws SealFault when it was sealed under another secret, for something else, or was changed */
  open(sealed: string, about: SealedFor): string
  /**
   * A code for somebody to carry from one place to another: 125 bits that nobody can guess without the secret, always the same for the same
   * row, so that it has to be kept nowhere.
   */
  codeFor(about: SealedFor): string
}

/** Says which secret cannot be opened, and nothing of what it holds. */
export class SealFault extends Error {
  override readonly name = 'SealFault'

  constructor({ purpose, row }: SealedFor, cause?: unknown) {
    super(
      `the sealed ${purpose} of ${row} does not open: it was sealed under another COUNTERSIGN_SECRET, or changed`,
      {
        cause,
      },
    )
  }
}
