import { DirectoryFault } from '../ports.ts'

/** The service that knows who is on call did not say it. `why` is for people, as the rest of a sentence. */
export class OnCallFault extends DirectoryFault {
  readonly why: string

  constructor(set: string, why: string) {
    super(`${set}: ${why}`)
    this.why = why
  }
}
