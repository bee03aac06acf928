import type { InputBlock } from '@slack/types'
import { cut, firstPoints, revealLine } from '../../card/text.ts'
import { type ReasonDemand, type Source, wordsOf } from '../../core/requirement.ts'
import { plain } from '../text/blocks.ts'

/** Block ids of the inputs of our windows: the place that a refusal names, without its first slash (`/typed/0`). */
export const reasonBlock = 'reason'
export const noteBlock = 'note'
export const typedBlock = (nth: number): string => `typed/${nth}`

/** Every input of ours holds its text under this id. */
export const inputAction = 'text'

/** A box to tick in a window. */
export const askAgainBlock = 'ask_again'

/** One box, not ticked. */
function tickField(about: {
  readonly block: string
  readonly label: string
  readonly hint: string
  readonly says: string
}): InputBlock {
  return {
    type: 'input',
    block_id: about.block,
    optional: true,
    label: plain(about.label),
    hint: plain(about.hint),
    element: {
      type: 'checkboxes',
      action_id: inputAction,
      options: [{ text: plain(about.says, 75), value: 'yes' }],
    },
  }
}

/** Who is brought in. */
export const targetBlock = 'target'

/** One of several sets of people, the first unless somebody chooses. */
export function targetField(targets: readonly Source[]): InputBlock {
  const options = targets.map(({ ref, address }) => ({ text: plain(cut(ref, 75), 75), value: address }))
  const [first] = options
  return {
    type: 'input',
    block_id: targetBlock,
    label: plain('Whom to bring in'),
    element: {
      type: 'radio_buttons',
      action_id: inputAction,
      options,
      ...(first && { initial_option: first }),
    },
  }
}

/** What a denial asks: why, and whether people may be asked again at once. */
export function denialFields(): InputBlock[] {
  return [
    proseField({
      block: reasonBlock,
      label: 'Why not?',
      hint: 'The agent is told this, word for word.',
    }),
    tickField({
      block: askAgainBlock,
      label: 'If it asks exactly this again',
      hint: 'Otherwise it is denied at once for as long as policy says, and the agent reads that you denied it.',
      says: 'People are asked again at once',
    }),
  ]
}

/** Code points that people may write. Slack takes at most 3,000. */
export const longestProse = 1_000

/** Some lines of prose; needed, unless they are optional. */
export function proseField(about: {
  readonly block: string
  readonly label: string
  readonly hint: string
  readonly demand?: ReasonDemand | null
  /** True where it may be left empty. */
  readonly optional?: boolean
  /** What stands in it already. */
  readonly initial?: string
}): InputBlock {
  const { demand, optional = false, initial = '' } = about
  const asked = demand ? ` ${demandText(demand)}` : ''
  return {
    type: 'input',
    block_id: about.block,
    ...(optional && { optional }),
    label: plain(about.label),
    hint: plain(`${about.hint}${asked}`, 2_000),
    element: {
      type: 'plain_text_input',
      action_id: inputAction,
      multiline: true,
      ...(!optional && { min_length: Math.min(Math.max(demand?.minLength ?? 1, 1), longestProse) }),
      max_length: longestProse,
      ...(initial !== '' && { initial_value: firstPoints(initial, longestProse) }),
    },
  }
}

/** A text to type, letter by letter. One that has several lines needs several to be typed in. */
export function typedField(text: string, nth: number): InputBlock {
  return {
    type: 'input',
    block_id: typedBlock(nth),
    label: plain(`Type this to confirm: ${revealLine(text)}`, 2_000),
    hint: plain('Exactly as shown, including capitals and spaces.'),
    element: {
      type: 'plain_text_input',
      action_id: inputAction,
      multiline: text.includes('\n'),
      max_length: 1_000,
    },
  }
}

/** What policy wants of a reason, in words: those of the policy where it has a pattern. */
function demandText(demand: ReasonDemand): string {
  const { minLength } = demand
  const length = minLength > 1 ? [`At least ${minLength} characters.`] : []
  return [...length, ...wordsOf(demand).map(revealLine)].join(' ')
}
