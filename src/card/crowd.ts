import type { Source } from '../core/requirement.ts'
import type { Passage } from './passage.ts'
import { calling, listed, naming, nothing, onDay, outside, say } from './span.ts'

/** The requests that one card of a conversation stands for. */
export interface Crowd {
  readonly waiting: number
  /** By the name of the agent that asks; those with most first. */
  readonly agents: readonly { readonly name: string; readonly count: number }[]
  /** When the most urgent of them ends; RFC 3339. */
  readonly endsFirst: string
  /** Everybody who may be needed for one of them, each set once: the message calls them. */
  readonly needed: readonly Source[]
  /** The same, of those whom it only names. */
  readonly named?: readonly Source[]
}

interface CrowdContent {
  /** Our words. */
  readonly title: string
  readonly passages: readonly Passage[]
  /** Whether there is anything to open. */
  readonly opens: boolean
}

const shownAgents = 5
/** So many sets are named. */
export const shownSets = 5

/** What the card says; null when nothing waits there any more. */
export function crowdContent(crowd: Crowd | null): CrowdContent {
  if (!crowd)
    return {
      title: 'No more requests wait here',
      passages: [{ note: say`Each of those that did has a card of its own by now, or is settled.` }],
      opens: false,
    }
  return {
    title: crowdTitle(crowd),
    passages: [
      ...whatWaits(crowd),
      {
        note: say`So many came at once that these have no card of their own yet. Each gets one when there is room, and at once when somebody opens it from the list or it is escalated. What can be done about it is the same there.`,
      },
    ],
    opens: true,
  }
}

/** Under the card, once: those who are needed are called again. */
export function crowdReminder(crowd: Crowd): readonly Passage[] {
  return [{ line: say`Still waiting. ${needed(crowd)}` }]
}

function crowdTitle({ waiting }: Crowd): string {
  return waiting === 1 ? '1 more request waits here' : `${waiting} more requests wait here`
}

function whatWaits(crowd: Crowd): readonly Passage[] {
  const { agents, endsFirst } = crowd
  const named = agents.slice(0, shownAgents).map(({ name, count }) => say`${count} of ${outside(name, 80)}`)
  const others = agents.slice(shownAgents).reduce((sum, { count }) => sum + count, 0)
  return [
    { line: listed([...named, ...(others > 0 ? [say`${others} of other agents`] : [])]) },
    { line: say`The most urgent ends ${onDay(endsFirst)}.` },
    ...(crowd.needed.length + (crowd.named ?? []).length > 0 ? [{ line: needed(crowd) }] : []),
  ]
}

function needed({ needed: called, named = [] }: Crowd) {
  const sets = [...called.map((one) => calling([one])), ...named.map((one) => naming([one]))]
  const more = sets.length - shownSets
  return say`Needed: ${listed(sets.slice(0, shownSets))}${more > 0 ? say`, and ${more} others` : nothing}.`
}
