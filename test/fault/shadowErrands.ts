import { stopShadow } from '../../src/approvals/shadow/end.ts'
import { endWhenOver } from '../../src/approvals/shadow/endWhenOver.ts'
import { startShadow } from '../../src/approvals/shadow/start.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { type Errand, register } from './errand.ts'
import type { Stage } from './stage.ts'
import type { Outside } from './trap.ts'

const candidate = bundleWithDefaults('deny_count: 2')
const seconds = 86_400

/** Whoever hears that one runs already has nothing more to do. */
const start = ({ ports }: Pick<Outside, 'ports'>) =>
  startShadow(ports, { bundle: candidate, files: {}, via: 'cli', seconds, reason: null }).catch(
    (fault: unknown) => {
      if (!(fault instanceof Refusal) || fault.code !== 'not_applicable') throw fault
    },
  )

const started = async ({ world }: Stage) => start({ ports: world.ports })

/** A candidate that judges beside the active policy. */
export const shadowErrands: Readonly<Record<string, Errand>> = {
  'starting a shadow': {
    arrange: async () => start,
    result: register,
    expected: ['shadow.started'],
  },
  'stopping a shadow': {
    arrange: async (stage) => {
      await started(stage)
      return ({ ports }) => stopShadow(ports, { via: 'cli', reason: null })
    },
    result: register,
    expected: ['shadow.started', 'shadow.ended'],
  },
  'a shadow whose time is over': {
    arrange: async (stage) => {
      await started(stage)
      const shadow = (await stage.store.runningShadow())?.id ?? ''
      stage.world.clock.advance(seconds)
      return ({ ports }) => endWhenOver(ports, { shadow })
    },
    result: register,
    expected: ['shadow.started', 'shadow.ended'],
  },
}
