import { type Attempt, decide } from '../../src/approvals/decide.ts'
import { report } from '../../src/approvals/executions/report.ts'
import { redeem } from '../../src/approvals/grants/redeem.ts'
import { submit } from '../../src/approvals/submit.ts'
import { asking, castOf, grantOf } from '../support/grantedRequest.ts'
import { said } from '../support/reportingWorld.ts'
import { done, undoApproved } from '../support/rollbackWorld.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, envelope, submission } from '../support/world.ts'
import { type Errand, story } from './errand.ts'
import { drain, type Stage } from './stage.ts'

const first = [
  'request.submitted',
  'decision.made',
  'request.approved',
  'grant.redeemed',
  'execution.reported',
] as const
const approved = ['request.submitted', 'decision.made', 'request.approved'] as const

/** An action with a rollback, which Grace can decide; its card stands. */
async function declaredIn(stage: Stage): Promise<string> {
  const { action } = submission('table.drop')
  const { id } = await ask(stage.world, 'deploy.start', { rollback: action })
  await drain(stage)
  return id
}

function vote(request: string, kind: Attempt['kind']): Attempt {
  const reason = kind === 'deny' ? 'Not today.' : null
  const by = { request, account: keyOf('U0GRACE'), via: 'slack', card: null, delivery: 'click' }
  return { ...by, kind, reason, typed: [], seen: 'facts' }
}

/** Grace decides on both at once. */
const deciding =
  (kind: Attempt['kind']): Errand['arrange'] =>
  async (stage) => {
    const id = await declaredIn(stage)
    return ({ ports }) => decide(ports, vote(id, kind))
  }

/** What is done is undone, asked for later or declared with it, step by step. */
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
  'asking for an action with its rollback': {
    arrange: async ({ world }) => {
      const { action } = submission('table.drop')
      const [who, what] = [envelope(world), submission('deploy.start', { rollback: action })]
      return ({ ports }) => submit(ports, who, what)
    },
    result: (stage) => story(stage),
    expected: { states: ['pending', 'pending'], entries: ['request.submitted', 'request.submitted'] },
  },
  'approving an action with its rollback': {
    arrange: deciding('approve'),
    result: (stage) => story(stage),
    expected: {
      states: ['approved', 'approved'],
      entries: [
        'request.submitted',
        'request.submitted',
        'decision.made',
        'request.approved',
        'request.approved',
      ],
    },
  },
  'denying an action with its rollback': {
    arrange: deciding('deny'),
    result: (stage) => story(stage),
    expected: {
      states: ['cancelled', 'denied'],
      entries: [
        'request.submitted',
        'request.submitted',
        'decision.made',
        'request.denied',
        'request.cancelled',
      ],
    },
  },
  'reporting what has a declared rollback': {
    arrange: async (stage) => {
      const { world, store } = stage
      const id = await declaredIn(stage)
      await decide(world.ports, vote(id, 'approve'))
      const { agent } = await castOf(world)
      const first = await store.request(id)
      if (!first) throw new Error('it was asked')
      await redeem(world.ports, asking(await grantOf(world, first), agent))
      const by = { kind: 'agent', id: world.agent.agent.id, via: 'api' } as const
      return ({ ports }) => report(ports, { request: id, by, report: said('succeeded') })
    },
    result: async (stage) => ({
      ...(await story(stage)),
      waits: [...stage.store.jobs.keys()].filter((key) => key.startsWith('unredeemed')).length,
    }),
    expected: {
      states: ['approved', 'succeeded'],
      entries: [
        'request.submitted',
        'request.submitted',
        'decision.made',
        'request.approved',
        'request.approved',
        'grant.redeemed',
        'execution.reported',
      ],
      waits: 1,
    },
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
