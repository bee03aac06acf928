import { kept } from './impact.ts'
import { exportWith } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { hostile } from './views.ts'

/** What an action works on beside its resource. */
export const otherResourceSituations: Readonly<Record<string, Situation>> = {
  // One that is known, one that is called like a card, one that nobody could read.
  'other-resources': {
    view: exportWith({
      judged: {
        facts: {
          ...kept,
          because: [],
          resources: {
            destination: {
              type: 'bucket',
              id: 'acme-vault',
              sensitivity: 'secret',
              owner: 'user:omar',
              labels: {},
            },
            backup_copy: { type: 'bucket', id: hostile, sensitivity: 'unknown', labels: {} },
            lake: { type: 'bucket', sensitivity: 'unknown', labels: {} },
          },
        },
      },
      demands: {
        legs: [
          {
            name: 'destination',
            from: [{ ref: 'owner(destination)', kind: 'account', address: 'slack:U0OMAR' }],
            count: 1,
          },
        ],
      },
    }),
  },
}
