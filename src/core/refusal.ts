import { type RefusalKind, refusals } from './refusals.ts'

export type RefusalCode = keyof typeof refusals

/** One place in what was sent. `pointer` is an RFC 6901 JSON pointer. */
export interface Problem {
  readonly pointer: string
  readonly detail: string
}

/**
 * A refusal on purpose. `message` (the detail) is for our own logs: it never holds a secret or an argument value.
 * Anything thrown that is not a Refusal is a bug, and says nothing outside.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly problems: readonly Problem[]

  constructor(code: RefusalCode, detail: string, problems: readonly Problem[] = []) {
    super(detail)
    this.code = code
    this.problems = problems
  }

  get kind(): RefusalKind {
    return refusals[this.code].kind
  }

  /**
   * True when somebody could not be asked, so that the same attempt may end otherwise: it is told and recorded, and may
   * be judged again.
   */
  get passes(): boolean {
    return this.kind === 'unavailable' || this.code === 'identity_unknown'
  }

  /** The sentence a stranger may be told. */
  get says(): string {
    return refusals[this.code].says
  }
}
