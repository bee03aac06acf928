import { type Problem, Refusal, type RefusalCode } from '../core/refusal.ts'

/** A refusal whose answer says in headers what would be taken instead. */
export class RefusalWithHeaders extends Refusal {
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: RefusalCode,
    detail: string,
    answer: { readonly headers: Readonly<Record<string, string>>; readonly problems?: readonly Problem[] },
  ) {
    super(code, detail, answer.problems)
    this.headers = answer.headers
  }
}
