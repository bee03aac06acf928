import type { AccountKey } from '../../core/identity.ts'
import { DirectoryFault } from '../ports.ts'

/**
 * The directory was asked about one account and answered about another, which does not name it as its own of before. Whoever wanted to know
 * who somebody is knows nothing.
 */
export class AnotherAccount extends DirectoryFault {
  readonly asked: string
  readonly found: AccountKey

  /** `asked`: the key, or the directory's own id in it. */
  constructor(message: string, { asked, found }: { readonly asked: string; readonly found: AccountKey }) {
    super(message)
    this.asked = asked
    this.found = found
  }

  isAbout(key: AccountKey): boolean {
    return key === this.asked || key.endsWith(`:${this.asked}`)
  }
}
