import { Refusal, type RefusalCode } from '../../../src/core/refusal.ts'
import { refusals } from '../../../src/core/refusals.ts'
import { verbs } from '../../../src/slack/inbound/verbs.ts'
import {
  brokenText,
  endingText,
  noneText,
  partlyText,
  queuedText,
  refusalText,
  stateText,
  stillQueuedText,
  storeAwayText,
  uncertainText,
} from '../../../src/slack/text/answers.ts'
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
  refusalText: each(codes, (code) => refusalText(new Refusal(code, 'for its picture'))),
  stateText: each(Object.keys(situations), (name) => stateText(situations[name]?.view ?? viewOfExport())),
  endingText: each(verbs, (verb) => endingText(viewOfExport(), { verb, refused: null })),
  'when it takes longer': each(
    [queuedText, stillQueuedText, storeAwayText, uncertainText, brokenText],
    (text) => text,
  ),
  'several lines': {
    partly: text(partlyText(declined)),
    none: text(noneText(declined)),
  },
}

function each<Name extends string>(names: readonly Name[], say: (name: Name) => string): Pictured<Sent> {
  return Object.fromEntries(names.map((name) => [name, text(say(name))]))
}

function text(says: string): Sent {
  return { text: says, blocks: [] }
}
