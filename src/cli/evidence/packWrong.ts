import type { Wrong } from '../../ledger/wrong.ts'

/** Something in a pack is not as it has to be. */
export class PackWrong extends Error {
  override readonly name = 'PackWrong'
  readonly wrong: Wrong

  constructor(wrong: Partial<Wrong> & Pick<Wrong, 'what'>) {
    super(wrong.what)
    this.wrong = { index: null, entry: null, expected: 'what was sealed', stands: 'something else', ...wrong }
  }
}
