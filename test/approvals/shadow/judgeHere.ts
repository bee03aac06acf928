import { CannotJudge, type ShadowJudge, type StartShadowJudge } from '../../../src/approvals/shadow/judge.ts'
import { compareAll, loadedPair } from '../../../src/shadow/compare.ts'

/** What the thread does, in this one; `change` makes it another. */
export function judgeHere(
  change: (judge: ShadowJudge) => Partial<ShadowJudge> = () => ({}),
): StartShadowJudge {
  return async (pair) => {
    const loaded = loadedPair(pair)
    if (!loaded.ok) throw new CannotJudge(loaded.why)
    const judge: ShadowJudge = {
      compare: async (requests) => compareAll(loaded, requests, undefined),
      end: async () => undefined,
    }
    return { ...judge, ...change(judge) }
  }
}
