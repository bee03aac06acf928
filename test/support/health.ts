import type { Health } from '../../src/approvals/ports.ts'
import type { ConditionCode } from '../../src/core/health.ts'

/** For whoever has to be told what is wrong, where a test does not listen. */
export const nobodyHears = {
  health: { raise() {}, clear() {} } satisfies Health,
  log: { warn() {}, error() {} },
} as const

/** What is wrong now, as the parts say it, and all that was raised, in order. */
export function heardHealth(): {
  readonly health: Health
  readonly now: () => readonly ConditionCode[]
  readonly raised: readonly { readonly code: ConditionCode; readonly detail: string }[]
} {
  const open = new Map<string, ConditionCode>()
  const raised: { readonly code: ConditionCode; readonly detail: string }[] = []
  return {
    health: {
      raise(code, detail, part = '') {
        open.set(`${code} ${part}`, code)
        raised.push({ code, detail })
      },
      clear: (code, part = '') => void open.delete(`${code} ${part}`),
    },
    now: () => [...new Set(open.values())],
    raised,
  }
}
