import { cancel } from '../../src/approvals/cancel.ts'
import { ownAttempts } from '../../src/approvals/cards/ownAttempts.ts'
import { type Attempt, decide } from '../../src/approvals/decide.ts'
import { expire } from '../../src/approvals/expire.ts'
import { setAgentLimits } from '../../src/approvals/people/agentLimits.ts'
import { addAgent, revokeAgent, rotateKey } from '../../src/approvals/people/agents.ts'
import { setAgentTags } from '../../src/approvals/people/agentTags.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { submit } from '../../src/approvals/submit.ts'
import { withdraw } from '../../src/approvals/withdraw.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { granted } from '../support/grantedRequest.ts'
import { bundleWithDefaults } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { envelope, submission } from '../support/world.ts'
import { accountErrands } from './accountErrands.ts'
import { awayErrands } from './awayErrands.ts'
import { budgetErrands } from './budgetErrands.ts'
import { cardErrands } from './cardErrands.ts'
import { claimErrands } from './claimErrands.ts'
import { announced, type Errand, register, story } from './errand.ts'
import { grantErrands } from './grantErrands.ts'
import { narrowErrands } from './narrowErrands.ts'
import { newsErrands } from './newsErrands.ts'
import { noteErrands } from './noteErrands.ts'
import { policyErrands } from './policyErrands.ts'
import { rollbackErrands } from './rollbackErrands.ts'
import { setErrands } from './setErrands.ts'
import { tokenErrands } from './tokenErrands.ts'

function attempt(request: string, user: string, change: Partial<Attempt> = {}): Attempt {
  const reason = change.kind === 'deny' ? 'Not today.' : null
  const account = keyOf(user)
  return {
    request,
    account,
    kind: 'approve',
    reason,
    typed: [],
    via: 'slack',
    card: null,
    seen: 'facts',
    delivery: 'click',
    ...change,
  }
}

/**
 * A click on the card of a new request for `action`. Who is told that nobody could check who they are clicks again:
 * that is another click. Any other failure leaves it to Slack, or to the queue, to bring the same click again.
 */
function clickOn(action: string, user: string, change: Partial<Attempt> = {}): Errand['arrange'] {
  return async (stage) => {
    const { id } = await announced(stage, action)
    const [card] = await stage.store.cards(id)
    let clicks = 1
    return async ({ ports }) => {
      const delivery = `click-${clicks}`
      try {
        await decide(ports, attempt(id, user, { card: card?.id ?? null, delivery, ...change }))
      } catch (fault) {
        if (fault instanceof Refusal && fault.code === 'identity_unknown') clicks += 1
        throw fault
      }
    }
  }
}

const owner = { email: 'lee@acme.test' }
const by = { by: owner, via: 'cli' }
const hour = 3_600

export const errands: Readonly<Record<string, Errand>> = {
  'asking for what people decide': {
    arrange: async ({ world }) => {
      const [who, what] = [envelope(world), submission('db.export')]
      return ({ ports }) => submit(ports, who, what)
    },
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted'] },
  },
  'asking for what policy allows': {
    arrange: async ({ world }) => {
      const [who, what] = [envelope(world), submission('repo.read')]
      return ({ ports }) => submit(ports, who, what)
    },
    result: (stage) => story(stage),
    expected: { states: ['approved'], entries: ['request.submitted', 'request.approved'] },
  },
  'asking for more than may wait': {
    arrange: async ({ world }) => {
      world.setPolicy(bundleWithDefaults('max_pending: 1'))
      await submit(world.ports, envelope(world), submission('deploy.start'))
      const [who, what] = [envelope(world), submission('db.export')]
      return ({ ports }) => submit(ports, who, what)
    },
    result: async (stage) => ({ ...(await story(stage)), said: (await register(stage)).slice(-1) }),
    expected: { states: ['pending'], entries: ['request.submitted'], said: ['agent.limited'] },
  },
  'asking with claims that take the people who could decide': {
    arrange: async ({ world }) => {
      const involved = [{ email: 'bob@acme.test' }, { email: 'priya@acme.test' }]
      const [who, what] = [envelope(world), submission('db.export', { involved })]
      return ({ ports }) => submit(ports, who, what)
    },
    result: async (stage) => ({
      ...(await story(stage, ['alarm.sent'])),
      heard: new Set(stage.channel.alarms).size,
    }),
    expected: { states: ['pending'], entries: ['request.submitted', 'claims.alarmed'], heard: 1 },
  },
  'the approval that settles': {
    arrange: clickOn('deploy.start', 'U0GRACE'),
    result: (stage) => story(stage),
    expected: { states: ['approved'], entries: ['request.submitted', 'decision.made', 'request.approved'] },
  },
  'one approval of two': {
    arrange: clickOn('db.export', 'U0BOB'),
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted', 'decision.made'] },
  },
  'an approval that finds another one lapsed': {
    arrange: async (stage) => {
      const run = await clickOn('db.export', 'U0SAM')(stage)
      const [request] = await stage.store.requests({ limit: 1 })
      await decide(stage.world.ports, attempt(request?.id ?? '', 'U0BOB', { delivery: 'earlier' }))
      stage.world.directory.groups.set('S0DATA', ['U0PRIYA'])
      return run
    },
    result: (stage) => story(stage),
    expected: {
      states: ['pending'],
      entries: ['request.submitted', 'decision.made', 'decision.made', 'decision.lapsed'],
    },
  },
  'taking back what was released': {
    arrange: async (stage) => {
      const { request } = await granted(stage.world)
      const by = { ...attempt(request.id, 'U0GRACE'), delivery: 'back' }
      return ({ ports }) => withdraw(ports, by)
    },
    result: (stage) => story(stage, ['decision.refused']),
    expected: {
      states: ['revoked'],
      entries: [
        'request.submitted',
        'decision.made',
        'request.approved',
        'decision.withdrawn',
        'request.revoked',
      ],
    },
  },
  'taking an approval back': {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'db.export')
      await decide(stage.world.ports, attempt(id, 'U0BOB', { delivery: 'earlier' }))
      let clicks = 1
      return async ({ ports }) => {
        const by = { ...attempt(id, 'U0BOB'), delivery: `click-${clicks}` }
        try {
          await withdraw(ports, by)
        } catch (fault) {
          if (fault instanceof Refusal && fault.code === 'identity_unknown') clicks += 1
          throw fault
        }
      }
    },
    result: (stage) => story(stage),
    expected: {
      states: ['pending'],
      entries: ['request.submitted', 'decision.made', 'decision.withdrawn'],
    },
  },
  'a denial': {
    arrange: clickOn('db.export', 'U0BOB', { kind: 'deny' }),
    result: (stage) => story(stage),
    expected: { states: ['denied'], entries: ['request.submitted', 'decision.made', 'request.denied'] },
  },
  'an approval that is refused': {
    arrange: clickOn('db.export', 'U0ALICE'),
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted', 'decision.refused'] },
  },
  'looking whether somebody behind the action tried once too often': {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'host.reboot')
      for (const nth of [1, 2, 3])
        await decide(stage.world.ports, attempt(id, 'U0ALICE', { delivery: `own ${nth}` })).catch(() => {})
      return ({ ports }) => ownAttempts(ports, id)
    },
    result: async (stage) => {
      const { entries } = await story(stage, ['decision.refused', 'alarm.sent'])
      return { entries, heard: [...new Set(stage.channel.alarms.map((one) => one.split(' ').at(-1)))] }
    },
    expected: {
      entries: ['request.submitted', 'attempts.alarmed'],
      heard: ['slack:C0ALERTS', 'slack:S0SECURITY', keyOf('U0LEE')],
    },
  },
  'an approval that comes too late': {
    arrange: async (stage) => {
      const run = await clickOn('deploy.start', 'U0GRACE')(stage)
      stage.world.clock.advance(2 * hour)
      return run
    },
    result: (stage) => story(stage),
    expected: { states: ['expired'], entries: ['request.submitted', 'request.expired', 'decision.refused'] },
  },
  'a denial that comes too late': {
    arrange: async (stage) => {
      const run = await clickOn('deploy.start', 'U0GRACE', { kind: 'deny' })(stage)
      stage.world.clock.advance(2 * hour)
      return run
    },
    result: (stage) => story(stage),
    expected: { states: ['expired'], entries: ['request.submitted', 'request.expired', 'decision.made'] },
  },
  'a cancellation': {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'db.export')
      return ({ ports }) => cancel(ports, { request: id, agent: stage.world.agent.agent, via: 'api' })
    },
    result: (stage) => story(stage),
    expected: { states: ['cancelled'], entries: ['request.submitted', 'request.cancelled'] },
  },
  'the deadline': {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'db.export')
      stage.world.clock.advance(2 * hour)
      return ({ ports }) => expire(ports, id)
    },
    result: (stage) => story(stage, ['reminder.sent']),
    expected: { states: ['expired'], entries: ['request.submitted', 'request.expired'] },
  },
  'a deadline that is not due, because a clock went back': {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'db.export')
      return ({ ports }) => expire(ports, id)
    },
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted'] },
  },
  ...cardErrands,
  ...grantErrands,
  ...budgetErrands,
  ...rollbackErrands,
  ...policyErrands,
  'adding an agent': {
    arrange: async () => (outside) => addAgent(outside.ports, { name: 'nightly', owner, ...by }),
    result: register,
    expected: ['agent.added'],
  },
  'rotating a key': {
    arrange: async () => (outside) => rotateKey(outside.ports, { name: 'billing-agent', ...by }),
    result: async (stage) => [...new Set(await register(stage))],
    expected: ['agent.rotated'],
  },
  'limiting an agent': {
    arrange: async () => (outside) =>
      setAgentLimits(outside.ports, { name: 'billing-agent', limits: { burst: 5 }, ...by }),
    result: register,
    expected: ['agent.paced'],
  },
  'tagging an agent': {
    arrange: async () => (outside) =>
      setAgentTags(outside.ports, { name: 'billing-agent', tags: ['team:finance'], ...by }),
    result: register,
    expected: ['agent.tagged'],
  },
  'handing an agent over': {
    arrange: async () => (outside) =>
      handOver(outside.ports, { name: 'billing-agent', to: { email: 'noor@acme.test' }, ...by }),
    result: register,
    expected: ['agent.transferred'],
  },
  'revoking an agent': {
    arrange: async () => (outside) => revokeAgent(outside.ports, { name: 'billing-agent', ...by }),
    result: register,
    expected: ['agent.revoked'],
  },
  ...accountErrands,
  ...claimErrands,
  ...setErrands,
  ...tokenErrands,
  ...newsErrands,
  ...awayErrands,
  ...narrowErrands,
  ...noteErrands,
  'linking two accounts': {
    arrange: async () => (outside) =>
      linkAccounts(outside.ports, { account: owner, other: { email: 'noor@acme.test' }, via: 'cli' }),
    result: register,
    expected: ['person.linked'],
  },
}
