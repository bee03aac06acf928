import { deviationOf } from '../core/progress.ts'
import type { Claim } from '../core/request.ts'
import { factsOf, summaryOf } from './facts.ts'
import { type ListedRow, listedRows } from './listing.ts'
import type { Passage } from './passage.ts'
import { listed, name, nothing, ours, outside, say, strong, warning } from './span.ts'
import { prose } from './text.ts'
import { decidersOf, titleOfState } from './titles.ts'
import type { People, RequestView } from './view.ts'

/** What one person is told directly, all in one message. `now` is in milliseconds; `more` are counted and not shown. */
export interface News {
  readonly items: readonly NewsItem[]
  readonly more: number
  readonly now: number
}

export type NewsItem =
  /** A request that an agent made for them has moved on. */
  | { readonly about: 'request'; readonly view: RequestView }
  /** An agent of theirs is refused; `refused` is what of, where policy denies it. */
  | {
      readonly about: 'agent'
      readonly agent: string
      readonly trouble: 'denied' | 'pending' | 'paced'
      readonly refused?: Refused
    }

/** What policy denied an agent within an hour. */
export interface Refused {
  readonly count: number
  /** False where there may have been more. */
  readonly isAll: boolean
  /** How many of them because a person had denied the same a short while ago. */
  readonly cooling: number
  /** The most frequent first. */
  readonly actions: readonly { readonly action: string; readonly count: number }[]
}

interface NewsContent {
  /** Our words. */
  readonly title: string
  readonly parts: readonly NewsPart[]
  /** Said once, below. */
  readonly notes: readonly Passage[]
  /** For what shows no more than a line: revealed, not cut. */
  readonly notification: string
}

/** One of the things told: a request is a row that can be opened. */
interface NewsPart {
  readonly row: ListedRow | null
  readonly passages: readonly Passage[]
  readonly people: People
}

/** Characters of somebody's reason: the whole stands in the full request. */
const longestReason = 300

export function newsContent({ items, more, now }: News): NewsContent {
  const views = items.flatMap((item) => (item.about === 'request' ? [item.view] : []))
  // Rows of one message, so that those that are alike say in what they differ.
  const rows = listedRows(views, now)
  const parts = items.map((item) =>
    item.about === 'request'
      ? requestPart(item.view, rows[views.indexOf(item.view)] ?? null)
      : agentPart(item),
  )
  return {
    title: titleOf(items),
    parts,
    notes: [
      ...(more > 0 ? [{ note: say`And ${more} more of yours: type /approvals.` }] : []),
      ...claimsOf(views),
    ],
    notification: notificationOf(items, more),
  }
}

function titleOf(items: readonly NewsItem[]): string {
  const agents = items.filter(({ about }) => about === 'agent').length
  if (agents === items.length) return 'Your agent is being refused'
  return agents > 0 ? 'What agents asked for you, and your own agents' : 'What an agent asked for you'
}

function notificationOf(items: readonly NewsItem[], more: number): string {
  const [first] = items
  const others = items.length - 1 + more
  const rest = others > 0 ? `, and ${others} more` : ''
  if (!first) return 'Nothing'
  if (first.about === 'agent') return `Your agent ${first.agent} is being refused${rest}`
  const { request } = first.view
  return `${titleOfState(request)}: ${summaryOf(factsOf(request))}${rest}`
}

function requestPart(view: RequestView, row: ListedRow | null): NewsPart {
  const { request, people } = view
  const by = decidersOf(view)
  const deviation = deviationOf(request.executions)
  const denials = request.state === 'denied' ? request.decisions.filter(({ kind }) => kind === 'deny') : []
  return {
    row,
    people,
    passages: [
      ...(deviation ? [{ line: say`${warning} ${ours(deviation.says)}` }] : []),
      ...(by.length > 0 ? [{ note: say`Decided by ${listed(by.map((id) => [name(id)]))}.` }] : []),
      ...denials.flatMap(({ reason }) => (reason ? [{ quote: prose(reason, longestReason) }] : [])),
      ...(request.overruled ? [{ quote: prose(request.outcome ?? '', longestReason) }] : []),
      ...(request.revisedBy !== undefined
        ? [
            {
              note: say`The agent asked ${ours(request.revisedBy)} instead, because people had asked for changes.`,
            },
          ]
        : []),
    ],
  }
}

/** An agent's word for whom it asks. */
const claims: readonly Claim[] = ['email', 'slack_user_id', 'entra_user_id']

/** An agent can name anybody: whoever reads this may know nothing of it. */
function claimsOf(views: readonly RequestView[]): readonly Passage[] {
  if (!views.some(({ request }) => claims.includes(request.initiator.claim))) return []
  return [
    {
      note: say`That it was for you is what the agent says: nobody has checked it. If you know nothing of it, ask the owner of the agent.`,
    },
  ]
}

const shownActions = 5

function agentPart({ agent, trouble, refused }: Extract<NewsItem, { about: 'agent' }>): NewsPart {
  const who = strong`${outside(agent, 80)}`
  const passages: readonly Passage[] =
    trouble === 'pending'
      ? [
          {
            line: say`${who} has as many requests waiting for people as the policy lets wait. Further ones are refused before anybody sees them.`,
          },
        ]
      : trouble === 'paced'
        ? [{ line: say`${who} calls faster than it may, and calls of it are refused.` }]
        : deniedPassages(who, refused)
  return { row: null, people: new Map(), passages }
}

function deniedPassages(who: ReturnType<typeof strong>, refused: Refused | undefined): readonly Passage[] {
  if (!refused) return []
  const { count, isAll, cooling, actions } = refused
  const named = listed(
    actions.slice(0, shownActions).map((one) => say`${outside(one.action, 100)} (${one.count})`),
  )
  const others = actions.length - shownActions
  const more = others > 0 ? say`, and ${others} other actions` : nothing
  const again =
    cooling > 0
      ? say` ${cooling} of them because a person had denied the same a short while before.`
      : nothing
  const many = count === 1 ? say`a request of ${who} was` : say`${count} requests of ${who} were`
  return [
    { line: say`Within an hour ${isAll ? nothing : say`at least `}${many} denied by policy.${again}` },
    { note: say`${named}${more}` },
  ]
}
