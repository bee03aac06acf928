import { decide } from '../../src/approvals/decide.ts'
import { submitSet } from '../../src/approvals/sets/submitSet.ts'
import { submit } from '../../src/approvals/submit.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { askTogether, together } from '../support/setWorld.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, envelope, submission } from '../support/world.ts'
import { type Errand, story } from './errand.ts'
import { drain, type Stage } from './stage.ts'

async function askedTogether({ world }: Stage): Promise<readonly ActionRequest[]> {
  return (await askTogether(world, ['deploy.start', 'table.drop'])).requests
}

async function askedTwice({ world }: Stage): Promise<readonly ActionRequest[]> {
  return [await ask(world, 'deploy.start'), await ask(world, 'deploy.start')]
}

/** One decision of Grace's on both lines of a card that stands. */
const deciding =
  (kind: 'approve' | 'deny', asked = askedTogether): Errand['arrange'] =>
  async (stage: Stage) => {
    const requests = await asked(stage)
    await drain(stage)
    const together = requests.map(({ id }) => ({ request: id, seen: 'facts' }))
    const vote = {
      request: requests[0]?.id ?? '',
      account: keyOf('U0GRACE'),
      via: 'slack',
      card: null,
      delivery: 'click',
      kind,
      reason: kind === 'deny' ? 'Not today.' : null,
      typed: [],
      seen: '',
      together,
    }
    return ({ ports }) => decide(ports, vote)
  }

/** What is asked together, and decided together. */
export const setErrands: Readonly<Record<string, Errand>> = {
  'asking for several actions together': {
    arrange: async ({ world }) => {
      const [who, what] = [envelope(world), together(['deploy.start', 'repo.read', 'table.drop'])]
      return ({ ports }) => submitSet(ports, who, what)
    },
    result: (stage) => story(stage),
    expected: {
      states: ['pending', 'approved', 'pending'],
      entries: ['request.submitted', 'request.submitted', 'request.approved', 'request.submitted'],
    },
  },
  'approving several requests with one click': {
    arrange: deciding('approve'),
    result: (stage) => story(stage),
    expected: {
      states: ['approved', 'approved'],
      entries: [
        'request.submitted',
        'request.submitted',
        'decision.made',
        'request.approved',
        'decision.made',
        'request.approved',
      ],
    },
  },
  'denying several requests with one click': {
    arrange: deciding('deny'),
    result: (stage) => story(stage),
    expected: {
      states: ['denied', 'denied'],
      entries: [
        'request.submitted',
        'request.submitted',
        'decision.made',
        'request.denied',
        'decision.made',
        'request.denied',
      ],
    },
  },
  'asking the same again while it waits': {
    arrange: async (stage) => {
      await ask(stage.world, 'deploy.start')
      await drain(stage)
      const [who, what] = [envelope(stage.world), submission('deploy.start')]
      return ({ ports }) => submit(ports, who, what)
    },
    result: (stage) => story(stage),
    expected: { states: ['pending', 'pending'], entries: ['request.submitted', 'request.submitted'] },
  },
  'denying with one click what was asked twice': {
    arrange: deciding('deny', askedTwice),
    result: (stage) => story(stage),
    expected: {
      states: ['denied', 'denied'],
      entries: [
        'request.submitted',
        'request.submitted',
        'decision.made',
        'request.denied',
        'decision.made',
        'request.denied',
      ],
    },
  },
}
