import { report } from '../../src/approvals/executions/report.ts'
import { redeem } from '../../src/approvals/grants/redeem.ts'
import { submit } from '../../src/approvals/submit.ts'
import { asking, castOf, grantOf } from '../support/grantedRequest.ts'
import { said } from '../support/reportingWorld.ts'
import { done, undoApproved } from '../support/rollbackWorld.ts'
import { envelope, submission } from '../support/world.ts'
import { type Errand, story } from './errand.ts'
import { drain } from './stage.ts'

const first = [
  'request.submitted',
  'decision.made',
  'request.approved',
  'grant.redeemed',
  'execution.reported',
] as const
const approved = ['request.submitted', 'decision.made', 'request.approved'] as const

/** What was done is undone, step by step. */
export const rollbackErrands: Readonly<Record<string, Errand>> = {
  'asking to undo what was done': {
    arrange: async ({ world }) => {
      const { id } = await done(world)
      const [who, what] = [envelope(world), submission('table.drop', { rollsBack: id })]
      return ({ ports }) => submit(ports, who, what)
    },
    result: (stage) => story(stage),
    expected: { states: ['pending', 'succeeded'], entries: [...first, 'request.submitted'] },
  },
  'redeeming the grant of a rollback': {
    arrange: async (stage) => {
      const { agent } = await castOf(stage.world)
      const what = await grantOf(stage.world, await undoApproved(stage.world, await done(stage.world)))
      await drain(stage)
      return ({ ports }) => redeem(ports, asking(what, agent))
    },
    result: (stage) => story(stage, ['redemption.repeated']),
    expected: { states: ['executing', 'succeeded'], entries: [...first, ...approved, 'grant.redeemed'] },
  },
  'reporting that it was rolled back': {
    arrange: async ({ world }) => {
      const { agent } = await castOf(world)
      const rollback = await undoApproved(world, await done(world))
      await redeem(world.ports, asking(await grantOf(world, rollback), agent))
      const by = { kind: 'agent', id: world.agent.agent.id, via: 'api' } as const
      return ({ ports }) => report(ports, { request: rollback.id, by, report: said('succeeded') })
    },
    result: (stage) => story(stage),
    expected: {
      states: ['succeeded', 'succeeded'],
      entries: [...first, ...approved, 'grant.redeemed', 'execution.reported'],
    },
  },
}
