import { answerAsAgent } from '../../src/approvals/notes/answerAsAgent.ts'
import { askForChanges, askQuestion } from '../../src/approvals/notes/ask.ts'
import { submit } from '../../src/approvals/submit.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { attemptBy, envelope, submission } from '../support/world.ts'
import { announced, type Errand, story } from './errand.ts'

/** Whoever is told that nobody could check who they are says it again: that is another click. */
const said = (verb: typeof askForChanges): Errand['arrange'] => {
  return async (stage) => {
    const { id } = await announced(stage, 'deploy.start')
    let attempt = { ...attemptBy(id, 'U0GRACE'), text: 'Fewer rows.' }
    return async ({ ports }) => {
      try {
        await verb(ports, attempt)
      } catch (fault) {
        if (fault instanceof Refusal && fault.code === 'identity_unknown')
          attempt = { ...attempt, ...attemptBy(id, 'U0GRACE') }
        throw fault
      }
    }
  }
}

export const noteErrands: Readonly<Record<string, Errand>> = {
  'asking for changes': {
    arrange: said(askForChanges),
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted', 'note.written'] },
  },
  'asking a question': {
    arrange: said(askQuestion),
    result: async (stage) => ({
      ...(await story(stage)),
      put: new Set(stage.channel.questions).size,
    }),
    expected: { states: ['pending'], entries: ['request.submitted', 'note.written'], put: 1 },
  },
  'an answer of the agent': {
    arrange: async (stage) => {
      const { world } = stage
      const { id } = await announced(stage, 'deploy.start')
      const { request } = await askForChanges(world.ports, {
        ...attemptBy(id, 'U0GRACE'),
        text: 'Fewer rows.',
      })
      const to = request.notes?.[0]?.id ?? ''
      const answer = { request: id, agent: world.agent.agent, via: 'api', to, text: 'So be it.' } as const
      return ({ ports }) => answerAsAgent(ports, answer)
    },
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted', 'note.written', 'note.written'] },
  },
  'asking instead of what people want changed': {
    arrange: async (stage) => {
      const { world } = stage
      const { id } = await announced(stage, 'deploy.start')
      await askForChanges(world.ports, { ...attemptBy(id, 'U0GRACE'), text: 'Fewer rows.' })
      const [who, what] = [envelope(world), submission('deploy.start', { revises: id, params: { rows: 5 } })]
      return ({ ports }) => submit(ports, who, what)
    },
    result: (stage) => story(stage),
    expected: {
      states: ['pending', 'cancelled'],
      entries: ['request.submitted', 'note.written', 'request.submitted', 'request.cancelled'],
    },
  },
}
