import { agentName, agentTag } from '../../core/agentNames.ts'
import { didYouMean } from '../../core/nearest.ts'

/** How a text is compared with a written one. */
export type Comparing = 'equals' | 'startsWith' | 'endsWith' | 'contains'

/** The texts that a fact can be, as far as that is certain. */
export interface TextForm {
  /** Whether some text of this form compares so with the written one. */
  readonly can: (how: Comparing, written: string) => boolean
  /** What to write instead, as a sentence. */
  readonly fix: (written: string) => string
}

/** One test for each character of a text that always has the same length. */
type Places = readonly RegExp[]

/** TypeIDs: a prefix and 128 bits in 26 characters of Crockford's base 32, in small letters (the first holds 3 bits). */
function typeId(prefix: string): Places {
  const rest = Array<RegExp>(25).fill(/[0-9a-hjkmnp-tv-z]/)
  return [...[...`${prefix}_`].map((letter) => new RegExp(letter)), /[0-7]/, ...rest]
}

const day: Places = [...'dddd-dd-dd'].map((place) => (place === 'd' ? /\d/ : /-/))

function ofPlaces(places: Places, isReal: (text: string) => boolean = () => true): TextForm['can'] {
  const fitsAt = (written: string, from: number) =>
    from >= 0 && [...written].every((letter, index) => places[from + index]?.test(letter) ?? false)
  const can: Record<Comparing, (written: string) => boolean> = {
    equals: (written) => written.length === places.length && fitsAt(written, 0) && isReal(written),
    startsWith: (written) => fitsAt(written, 0),
    endsWith: (written) => fitsAt(written, places.length - [...written].length),
    contains: (written) => places.some((_, from) => fitsAt(written, from)),
  }
  return (how, written) => can[how](written)
}

function isDay(text: string): boolean {
  const read = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text)
}

/** An address has one part before its last `@` and one behind it; more is not asked here, because people have odd ones. */
const address: TextForm['can'] = (how, written) =>
  how === 'equals' ? /^[^\s]+@[^\s@]+$/.test(written) : !/\s/.test(written)

const person = (path: string): TextForm => ({
  can: ofPlaces(typeId('per')),
  fix: () =>
    `It is an id that Countersign gives a person (per_…), not a Slack id: compare \`${path}.email\`, or ask for a group.`,
})
const mail: TextForm = { can: address, fix: () => 'It is a whole e-mail address: write all of it.' }

/** The facts whose texts are given by Countersign, and never by a person or an agent; by path. */
export const givenForms: ReadonlyMap<string, TextForm> = new Map<string, TextForm>([
  [
    'agent.id',
    {
      can: ofPlaces(typeId('agt')),
      fix: () =>
        'It is not the name of an agent, but the id that Countersign gives it (agt_…): compare `agent.name`, or write `agents` in `match`.',
    },
  ],
  [
    'agent.name',
    {
      can: (how, written) => (how === 'equals' ? agentName : /^[a-z0-9._-]*$/).test(written),
      fix: () => 'Names of agents are 2 to 63 small letters, digits, dots, dashes and underscores.',
    },
  ],
  [
    'agent.tags',
    {
      can: (how, written) => (how === 'equals' ? agentTag : /^[a-z0-9._:-]*$/).test(written),
      fix: () => 'Tags are at most 63 small letters, digits, dots, dashes, underscores and colons.',
    },
  ],
  ['agent.owner.id', person('agent.owner')],
  ['initiator.id', person('initiator')],
  ['agent.owner.email', mail],
  ['initiator.email', mail],
  ['time.date', { can: ofPlaces(day, isDay), fix: () => 'It is a day that exists, written as 2026-11-24.' }],
])

/** The names of the catalogue: an action that is not among them comes to no rule. */
export function actionForm(actions: readonly string[]): TextForm {
  const compare: Record<Comparing, (action: string, written: string) => boolean> = {
    equals: (action, written) => action === written,
    startsWith: (action, written) => action.startsWith(written),
    endsWith: (action, written) => action.endsWith(written),
    contains: (action, written) => action.includes(written),
  }
  return {
    can: (how, written) => actions.some((action) => compare[how](action, written)),
    fix: (written) =>
      `It is the name of an action of actions.yaml.${didYouMean(written, actions) || ' Write one of those.'}`,
  }
}
