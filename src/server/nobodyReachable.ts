import type { Health } from '../approvals/ports.ts'

const code = 'nobody_reachable'

/**
 * Channels say each for itself that it reaches nobody; it is so when all of them say it, because one that reaches people is enough. Each
 * gets a `Health` of its own, before any of them is called.
 */
export function nobodyReachable(health: Health): () => Health {
  const channels: Map<string, string>[] = []
  const raised = new Set<string>()
  const tell = () => {
    const nobody = channels.every((own) => own.size > 0)
    const now = new Map(nobody ? channels.flatMap((own) => [...own]) : [])
    for (const part of raised)
      if (!now.has(part)) {
        raised.delete(part)
        health.clear(code, part)
      }
    for (const [part, detail] of now) {
      raised.add(part)
      health.raise(code, detail, part)
    }
  }
  return () => {
    const own = new Map<string, string>()
    channels.push(own)
    return {
      raise(what, detail, part = '') {
        if (what !== code) return health.raise(what, detail, part)
        own.set(part, detail)
        tell()
      },
      clear(what, part = '') {
        if (what !== code) return health.clear(what, part)
        own.delete(part)
        tell()
      },
    }
  }
}
