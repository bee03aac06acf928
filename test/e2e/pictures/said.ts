import type { Text } from '../../../src/card/span.ts'
import {
  errorText,
  noneText,
  partlyText,
  queuedText,
  stillQueuedText,
  storeAwayText,
  uncertainText,
} from '../../../src/channels/answers.ts'
import { verbs } from '../../../src/channels/verbs.ts'
import { Refusal, type RefusalCode } from '../../../src/core/refusal.ts'
import { refusals } from '../../../src/core/refusals.ts'
import { endingText, slackWording, stateText, textFor } from '../../../src/slack/text/answers.ts'
import { mrkdwnOf } from '../../../src/slack/text/spans.ts'
import { situations } from '../../card/situations.ts'
import { viewOfExport } from '../../card/views.ts'
import type { Pictured, Sent } from './studio.ts'

const codes = Object.keys(refusals) as RefusalCode[] // keys of a const table
const declined = [1, 2, 3].map((line) => ({
  line,
  code: line === 3 ? ('wrong_state' as const) : ('own_request' as const),
  problems: [],
}))

/** What whoever did something, or asked in a thread, is answered in a sentence, by what makes it. */
export const said: Pictured<Pictured<Sent>> = {
  refusalText: each(codes, (code) => textFor(new Refusal(code, 'for its picture'))),
  stateText: each(Object.keys(situations), (name) => stateText(situations[name]?.view ?? viewOfExport())),
  endingText: each(verbs, (verb) => endingText(viewOfExport(), { verb, refused: null })),
  'when it takes longer': Object.fromEntries(
    [
      queuedText,
      stillQueuedText,
      storeAwayText,
      uncertainText,
      errorText(slackWording, new Error('for its picture')),
    ].map((says) => [drawn(says), text(drawn(says))]),
  ),
  'several lines': {
    partly: text(drawn(partlyText(slackWording, declined))),
    none: text(drawn(noneText(slackWording, declined))),
  },
}

function each<Name extends string>(names: readonly Name[], say: (name: Name) => string): Pictured<Sent> {
  return Object.fromEntries(names.map((name) => [name, text(say(name))]))
}

function drawn(says: Text): string {
  return mrkdwnOf(new Map(), says)
}

function text(says: string): Sent {
  return { text: says, blocks: [] }
}
