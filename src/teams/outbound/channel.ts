import type { Logger } from 'pino'
import type { Channel } from '../../approvals/channelPort.ts'
import type { Directory } from '../../approvals/ports.ts'
import type { Card } from '../../approvals/records.ts'
import type { RequestView } from '../../card/view.ts'
import { createPace, type Turn } from '../../channels/pace.ts'
import { createTelling } from '../../channels/tellEach.ts'
import type { AccountKey } from '../../core/identity.ts'
import type { AgeClock } from '../../lifetime/ageClock.ts'
import { createCache } from '../../lifetime/cache.ts'
import { accountChangeMessage } from '../card/accountChange.ts'
import { alarmOf, unheard } from '../card/alarm.ts'
import { disownedMessage } from '../card/confirmation.ts'
import { crowdMessage, crowdReminderMessage } from '../card/crowd.ts'
import { delegationMessage } from '../card/delegation.ts'
import { keyEndMessage } from '../card/keyEnd.ts'
import { localPeople, localView } from '../card/localView.ts'
import type { CardMessage } from '../card/message.ts'
import { newsMessage } from '../card/news.ts'
import { oldCopy } from '../card/oldCopy.ts'
import { tokenMessage } from '../card/personalToken.ts'
import { postedCard } from '../card/posted.ts'
import { questionMessage } from '../card/question.ts'
import { queuedAnswer } from '../card/queuedAnswer.ts'
import { reminderOf, tellEntries } from '../card/timeline.ts'
import { directTo, hasThreads, placeOf } from '../place.ts'
import { type Aside, tellAside } from './aside.ts'
import type { Connector, TeamsMessage } from './connector.ts'
import { teamsLimits } from './pace.ts'
import { never, type Post, postTo, replyTo, updateAt } from './posting.ts'
import { askToConfirm, sound } from './toPeople.ts'

/** How long we believe that a chat with one person is the one it was. */
const chatsKept = { seconds: 3_600, capacity: 5_000 } as const

/** As many postings as are remembered in case their own record is lost. */
const remembered = 1_000

/** Teams, and a way to tell one person something by themselves: cards and answers share one pace. */
export interface TeamsChannel extends Channel {
  /** @throws ConnectorFault, or ChannelFault `not_yet` */
  aside(to: Aside, message: TeamsMessage): Promise<void>
}

interface ChannelOptions {
  readonly connector: Connector
  readonly ages: AgeClock
  readonly log: Logger
  /** Of whose people we may be heard. */
  readonly tenant: string
  /** Who is in a group that hears an alarm: Teams posts to none. */
  readonly directory: Pick<Directory, 'account' | 'members'>
}

/** The `Channel` port over the connector of Teams. */
export function createChannel(options: ChannelOptions): TeamsChannel {
  const { connector, ages, tenant, directory, log } = options
  const chats = createCache({ ...chatsKept, ages, ask: (person) => connector.chatWith(person) })
  const pace = createPace(ages.elapsed, teamsLimits)
  const by: Post = { connector, pace, tenant, directory, chats, tellEach: createTelling(ages.elapsed, log) }
  return {
    ...{ ...cards(by), ...requestsToPeople(by), ...tellingOne(by), ...crowds(by) },
    aside: (to, message) => tellAside(by, to, message),
  }
}

type OfCards = 'post' | 'postedAt' | 'update' | 'disown' | 'mayTell' | 'tell' | 'remind'

function cards(by: Post): Pick<Channel, OfCards> {
  const here = (view: RequestView) => localView(view, by.tenant)
  const shown = (card: Card, view: RequestView) => postedCard(card, view, by.tenant)
  const posted = new Map<string, string>()
  return {
    async post(card, view) {
      const turn = { who: view.request.id, urgency: untilExpiry(view) }
      const message = await postTo(by, card.conversation, { ...turn, message: shown(card, view) })
      posted.set(card.id, message)
      const [oldest] = posted.keys()
      if (posted.size > remembered && oldest !== undefined) posted.delete(oldest)
      return message
    },
    postedAt: async (card) => posted.get(card.id) ?? null,
    update: (card, view) =>
      updateAt(by, card, { who: card.id, urgency: untilExpiry(view), message: shown(card, view) }),
    disown: (copy, { request }) =>
      updateAt(by, copy, { who: `disown ${copy.message}`, urgency: never, message: oldCopy(request.id) }),
    mayTell: async (card) => by.pace.look(turnToTell(card)),
    async tell(card, view, entries) {
      const { who, urgency } = turnToTell(card)
      const message = tellEntries(here(view), entries, isBelow(card))
      if (message) await replyTo(by, card, { who: who ?? card.id, urgency, message })
    },
    async remind(card, view) {
      const message = reminderOf(here(view))
      const turn = { who: `remind ${card.id}`, urgency: untilExpiry(view) }
      if (message) await replyTo(by, card, { ...turn, message })
    },
  }
}

/** Whether what is told of a card stands below it. */
function isBelow(card: Card): boolean {
  const place = placeOf(card)
  return directTo(card.conversation) === null && place !== null && hasThreads(place.conversation)
}

/** Lines under a card wait until every card has its turn: it says the same. */
function turnToTell({ id, conversation }: Card): Turn {
  return { method: 'post', conversation, who: `tell ${id}`, urgency: never }
}

function untilExpiry({ request }: RequestView): number {
  return request.expiresAt === null ? never : Date.parse(request.expiresAt)
}

type OfRequests = 'alarm' | 'answer' | 'question' | 'askToConfirm'

function requestsToPeople(by: Post): Pick<Channel, OfRequests> {
  const here = (view: RequestView) => localView(view, by.tenant)
  return {
    async alarm(address, view, alarm) {
      const message = alarmOf(here(view), alarm)
      const who = `alarm ${view.request.id}`
      if (message) await sound(by, { address, but: unheard(alarm), message, who })
    },
    answer: (account, view, ending) =>
      write(by, account, {
        who: `answer ${view.request.id} ${account}`,
        message: queuedAnswer(here(view), ending),
      }),
    async question(account, view, note) {
      const message = questionMessage(here(view), note)
      if (message) await write(by, account, { who: `question ${view.request.id} ${account}`, message })
    },
    askToConfirm: (asked, confirmation, code) => askToConfirm(by, { asked, confirmation, code }),
  }
}

async function write(
  by: Post,
  account: AccountKey,
  sent: { readonly who: string; readonly message: CardMessage },
): Promise<void> {
  await postTo(by, account, { ...sent, urgency: never })
}

/** What is no card and concerns one person. */
type TellingOne =
  | 'tellOfToken'
  | 'tellOfDelegation'
  | 'soundDisowned'
  | 'soundAccount'
  | 'tellNews'
  | 'tellKeyEnd'

function tellingOne(by: Post): Pick<Channel, TellingOne> {
  const nobody = new Set<string>()
  return {
    tellOfToken: (token, news) =>
      write(by, token.account, { who: `token ${token.id}`, message: tokenMessage(token, news) }),
    tellOfDelegation: (account, about, people) =>
      write(by, account, {
        who: `delegation ${about.delegation}`,
        message: delegationMessage(about, localPeople(people, by.tenant)),
      }),
    soundDisowned: (address, confirmation) => {
      const who = `disowned ${confirmation.id}`
      return sound(by, { address, but: nobody, message: disownedMessage(confirmation), who })
    },
    soundAccount: (address, changed) => {
      const who = `account ${changed.changed.account}`
      return sound(by, { address, but: nobody, message: accountChangeMessage(changed), who })
    },
    tellNews: (account, news) => write(by, account, { who: `news ${account}`, message: newsMessage(news) }),
    tellKeyEnd: (account, about) =>
      write(by, account, { who: `key ${about.key}`, message: keyEndMessage(about) }),
  }
}

/** Cards that stand for many: before all others that wait for their turn there. */
function crowds(by: Post): Pick<Channel, 'postCrowd' | 'showCrowd' | 'remindCrowd'> {
  const turn = (conversation: string) => ({ who: `crowd ${conversation}`, urgency: 0 })
  return {
    postCrowd: (conversation, crowd) =>
      postTo(by, conversation, { ...turn(conversation), message: crowdMessage(crowd) }),
    showCrowd: (at, crowd) => updateAt(by, at, { ...turn(at.conversation), message: crowdMessage(crowd) }),
    remindCrowd: (at, crowd) =>
      replyTo(by, at, { ...turn(at.conversation), message: crowdReminderMessage(crowd) }),
  }
}
