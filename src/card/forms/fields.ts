import { type ReasonDemand, type Source, wordsOf } from '../../core/requirement.ts'
import { nothing, outside, say, type Text, typed } from '../span.ts'
import { firstPoints } from '../text.ts'
import type { Field } from './form.ts'

/** Names of fields: the place that a refusal names, without its first slash (`/typed/0`). */
export const reasonField = 'reason'
export const noteField = 'note'
export const typedField = (nth: number): string => `typed/${nth}`
export const askAgainField = 'ask_again'
export const targetField = 'target'

/** Code points that people may write. */
export const longestProse = 1_000

/** So many texts are asked for: a window has no room for more. */
const mostTyped = 40

/** Some lines of prose; needed, unless they are optional. */
export function proseField(about: {
  readonly name: string
  readonly label: Text
  readonly hint: Text
  readonly demand?: ReasonDemand | null
  /** True where it may be left empty. */
  readonly optional?: boolean
  /** What stands in it already. */
  readonly initial?: string
}): Field {
  const { name, label, hint, demand, optional = false, initial = '' } = about
  return {
    kind: 'text',
    name,
    label,
    hint: demand ? say`${hint} ${demandText(demand)}` : hint,
    multiline: true,
    optional,
    min: optional ? 0 : Math.min(Math.max(demand?.minLength ?? 1, 1), longestProse),
    max: longestProse,
    initial: firstPoints(initial, longestProse),
  }
}

/** A field for each text that policy wants typed, letter by letter. One that has several lines needs several to be typed in. */
export function typedFields(texts: readonly string[]): readonly Field[] {
  return texts.slice(0, mostTyped).map((text, nth) => ({
    kind: 'text',
    name: typedField(nth),
    label: say`Type this to confirm: ${typed(text)}`,
    hint: say`Exactly as shown, including capitals and spaces.`,
    multiline: text.includes('\n'),
    optional: false,
    min: 0,
    max: 1_000,
    initial: '',
  }))
}

/** What a denial asks: why, and whether people may be asked again at once. */
export function denialFields(): readonly Field[] {
  return [
    proseField({
      name: reasonField,
      label: say`Why not?`,
      hint: say`The agent is told this, word for word.`,
    }),
    {
      kind: 'tick',
      name: askAgainField,
      label: say`If it asks exactly this again`,
      hint: say`Otherwise it is denied at once for as long as policy says, and the agent reads that you denied it.`,
      says: say`People are asked again at once`,
    },
  ]
}

/** One of several sets of people. */
export function whomField(targets: readonly Source[]): Field {
  return {
    kind: 'one',
    name: targetField,
    label: say`Whom to bring in`,
    hint: nothing,
    options: targets.map(({ ref, address }) => ({ says: [outside(ref, 75)], value: address })),
  }
}

/** What policy wants of a reason, in words: those of the policy where it has a pattern. */
function demandText(demand: ReasonDemand): Text {
  const { minLength } = demand
  const length = minLength > 1 ? [`At least ${minLength} characters.`] : []
  return [outside([...length, ...wordsOf(demand)].join(' '), 2_000)]
}
