import type { Glance } from '../../src/metrics/glance.ts'

/** How things stand where nothing was ever asked. */
export const nothing: Glance = {
  conditions: [],
  judging: { files: null, confirmedSeconds: 0 },
  stored: {
    waiting: 0,
    overdue: 0,
    oldestSeconds: 0,
    stops: 0,
    keysExpiring: 0,
    ledger: { sealed: 0, waiting: 0 },
    streamLag: 0,
    anchoredSeconds: null,
    policy: null,
    replicas: [],
    jobs: [],
  },
}
