import { randomBytes } from 'node:crypto'
import { readButtonValue } from '../../src/channels/buttonValue.ts'
import { acme, sandboxScopes } from '../../src/sandbox/seed.ts'
import { createLocalSlack, type LocalSlack } from '../../src/sandbox/slack/server.ts'
import { conversations, withConversations } from './policy.ts'

/** Acme in a local Slack, and the people who look at cards and press. */
export interface Company {
  readonly slack: LocalSlack
  readonly environment: Readonly<Record<string, string>>
  /** The next card in the `n`th conversation, from this moment on, or null when none comes in time. */
  nextCard(n: number): Promise<Card | null>
  /** The card of a request, in whatever conversation, or null when none comes in time. */
  cardOf(request: string): Promise<Card | null>
  /** Somebody who may, presses Approve. Resolves to what Slack would show them. */
  approve(card: Card): ReturnType<LocalSlack['act']>
  close(): Promise<void>
}

export interface Card {
  readonly request: string
  readonly conversation: string
  readonly ts: string
  readonly blockId: string
}

type Message = NonNullable<ReturnType<LocalSlack['workspace']['messages']['get']>>[number]

/** Milliseconds that somebody looks for a card: at Slack's pace in one conversation it is the last of many. */
const patience = 120_000

/** `pace`: with Slack's own rate limits, or without any, which measures the product instead of Slack's patience. */
export async function openCompany(product: string, pace: 'none' | 'Slack’s'): Promise<Company> {
  const signingSecret = randomBytes(16).toString('hex')
  const botToken = `xoxb-${randomBytes(8).toString('hex')}`
  const slack = createLocalSlack({
    origin: '',
    delivery: { mode: 'http', url: `${product}/slack/events`, signingSecret },
    botToken,
    appToken: 'xapp-unused',
    scopes: sandboxScopes,
    seed: withConversations(acme),
    now: Date.now,
    ...(pace === 'none' && { rateLimits: 'none' }),
  })
  await slack.listen()
  const card = watchCards(slack)
  return {
    slack,
    environment: {
      SLACK_BOT_TOKEN: botToken,
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: slack.apiUrl,
    },
    nextCard: (n) => card(conversations[n % conversations.length]?.id ?? ''),
    cardOf: card,
    approve: ({ conversation, ts, blockId }) =>
      slack.act({ act: 'press', as: 'U0SAM', at: { conversation, ts }, blockId, actionId: 'approve' }),
    close: () => slack.close(),
  }
}

/** Whoever waits for a card hears of it in the moment in which it stands there; `where` is a conversation or a request. */
function watchCards({ workspace }: LocalSlack): (where: string) => Promise<Card | null> {
  const waiting = new Map<string, (card: Card | null) => void>()
  /** Cards by request that nobody has waited for yet: whoever asked may hear of its id only later. */
  const standing = new Map<string, Card>()
  const seen = new Map<string, number>()
  workspace.onChange(() => {
    for (const [conversation, messages] of workspace.messages) {
      for (const message of messages.slice(seen.get(conversation) ?? 0)) {
        const card = cardIn(message)
        if (!card) continue
        const tell = waiting.get(conversation) ?? waiting.get(card.request)
        if (tell) tell(card)
        else standing.set(card.request, card)
      }
      seen.set(conversation, messages.length)
    }
  })
  return (where) =>
    new Promise((resolve) => {
      const there = standing.get(where)
      standing.delete(where)
      if (there) return resolve(there)
      const tell = (card: Card | null) => {
        clearTimeout(late)
        waiting.delete(where)
        resolve(card)
      }
      const late = setTimeout(() => tell(null), patience)
      waiting.set(where, tell)
    })
}

/** The card that a message is, if it is one that can be approved. */
function cardIn(message: Message): Card | null {
  for (const block of message.blocks) {
    const elements: readonly unknown[] = Array.isArray(block.elements) ? block.elements : []
    for (const element of elements) {
      if (typeof element !== 'object' || element === null) continue
      if (Reflect.get(element, 'action_id') !== 'approve') continue
      const carried = readButtonValue(String(Reflect.get(element, 'value')))
      if (carried)
        return {
          request: carried.request,
          conversation: message.channel,
          ts: message.ts,
          blockId: String(block.block_id),
        }
    }
  }
  return null
}
