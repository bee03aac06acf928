import type { AnyRequest } from '../core/request.ts'
import { breakGlass } from './breakGlass.ts'
import type { Decided } from './byPerson.ts'
import { closeReview } from './closeReview.ts'
import { decide } from './decide.ts'
import { escalate } from './escalate.ts'
import { narrow } from './narrowing/narrow.ts'
import { answerQuestion } from './notes/answer.ts'
import { askForChanges, askQuestion } from './notes/ask.ts'
import type { Attempts, PersonCommand, Verb } from './personCommand.ts'
import type { Ports } from './ports.ts'
import { withdraw } from './withdraw.ts'

/** Does what a person commands. @throws Refusal those of the verb */
export function perform<V extends Verb>(ports: Ports, { verb, attempt }: PersonCommand<V>): Promise<Decided> {
  return verbs[verb].run(ports, attempt)
}

/** What the person is told when it is recorded, in whatever channel. `late` is true when it came too late to change anything. */
export function doneText(
  verb: Verb,
  { request }: { readonly request: Pick<AnyRequest, 'state' | 'overruled'> },
): { readonly says: string; readonly late: boolean } {
  if (request.overruled && (verb === 'approve' || verb === 'break_glass'))
    return { says: stopped, late: true }
  if (request.state === 'revoked' && verb === 'withdraw') return { says: takenBack, late: false }
  // Of what has expired only a denial is recorded.
  const late = verb === 'deny' && request.state === 'expired'
  return { says: late ? lateDenial : verbs[verb].done, late }
}

const stopped =
  'Nothing was released: policy has come to deny this since it was asked. That is recorded with what you did, and the card says which rule it is.'

const takenBack =
  'What was approved has been taken back before it was used: its grant is void, and the agent can no longer go ahead.'

const lateDenial =
  'It had expired before, so nothing was released. Your denial is kept on record under your name, and the card shows it.'

/** Every verb of a person: what does it, and the words for its success. */
const verbs: {
  readonly [V in Verb]: {
    readonly run: (ports: Ports, attempt: Attempts[V]) => Promise<Decided>
    readonly done: string
  }
} = {
  approve: {
    run: (ports, vote) => decide(ports, { ...vote, kind: 'approve' }),
    done: 'Your decision is recorded.',
  },
  deny: {
    run: (ports, vote) => decide(ports, { ...vote, kind: 'deny' }),
    done: 'Your decision is recorded.',
  },
  withdraw: {
    run: withdraw,
    done: 'Your approval has been taken back. You can decide again as long as the request is pending.',
  },
  escalate: {
    run: escalate,
    done: 'Escalated, and recorded with your name. They are told in the thread.',
  },
  break_glass: {
    run: breakGlass,
    done: 'You broke the glass. The agent may go ahead, the people whom policy names are told, and somebody else will review it.',
  },
  close_review: { run: closeReview, done: 'The review is closed, and recorded with your name.' },
  ask_changes: {
    run: askForChanges,
    done: 'You asked for changes, and the agent hears it. That is no decision: the request still waits, and its deadline goes on.',
  },
  ask_question: {
    run: askQuestion,
    done: 'Your question is recorded, and put to the person on whose behalf the agent asks. That is no decision: the request still waits, and its deadline goes on.',
  },
  answer_question: {
    run: answerQuestion,
    done: 'Your answer stands on the card, as your words. It decides nothing.',
  },
  narrow: {
    run: narrow,
    done: 'Narrowed: what was asked is denied, and another request asks for less instead. Your approval counts for that one where its card shows it; votes of others did not move.',
  },
}
