import type { Logger } from 'pino'
import type { Health } from '../approvals/ports.ts'
import { type Condition, type ConditionCode, conditions, isUnfit } from '../core/health.ts'

/** The port, and what is wrong now. */
export interface HealthRecord extends Health {
  /** In the order of the table, one for each code. */
  readonly now: () => readonly Condition[]
}

/** What is wrong is said in the log when it begins and when it ends, however often it is raised meanwhile. */
export function createHealth(log: Logger): HealthRecord {
  const raised = new Map<ConditionCode, Map<string, string>>()
  return {
    raise(code, detail, part = '') {
      const parts = raised.get(code) ?? new Map<string, string>()
      const before = parts.get(part)
      raised.set(code, parts.set(part, detail))
      if (before === detail) return
      const condition = { code, detail }
      log.error({ condition: code, part: part || undefined, detail }, conditions[code].says)
      if (before === undefined && isUnfit(condition))
        log.error({ condition: code }, 'this server is not ready')
    },
    clear(code, part = '') {
      const parts = raised.get(code)
      if (!parts?.delete(part)) return
      if (parts.size === 0) raised.delete(code)
      log.warn({ condition: code, part: part || undefined }, 'over: this works again')
    },
    now() {
      const codes = Object.keys(conditions) as ConditionCode[] // keys of our own constant
      return codes.flatMap((code) => {
        const parts = raised.get(code)
        return parts ? [{ code, detail: [...new Set(parts.values())].join(' ') }] : []
      })
    },
  }
}
