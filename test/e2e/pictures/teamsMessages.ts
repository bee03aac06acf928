import { accountChangeMessage } from '../../../src/teams/card/accountChange.ts'
import { alarmOf } from '../../../src/teams/card/alarm.ts'
import { renderCard } from '../../../src/teams/card/card.ts'
import { confirmationMessage, disownedMessage } from '../../../src/teams/card/confirmation.ts'
import { crowdMessage, crowdReminderMessage } from '../../../src/teams/card/crowd.ts'
import { declinedMessage, delegationMessage } from '../../../src/teams/card/delegation.ts'
import { keyEndMessage } from '../../../src/teams/card/keyEnd.ts'
import { newsMessage } from '../../../src/teams/card/news.ts'
import { oldCopy } from '../../../src/teams/card/oldCopy.ts'
import { tokenMessage } from '../../../src/teams/card/personalToken.ts'
import { postedCard } from '../../../src/teams/card/posted.ts'
import { questionMessage } from '../../../src/teams/card/question.ts'
import { queuedAnswer } from '../../../src/teams/card/queuedAnswer.ts'
import { reminderOf, tellEntries } from '../../../src/teams/card/timeline.ts'
import { claims as claimsInSlack } from '../../card/claims.ts'
import { group } from '../../card/situationParts.ts'
import { situations as inSlack } from '../../card/situations.ts'
import { hostile, viewOfExport } from '../../card/views.ts'
import { personOfToday } from '../../support/people.ts'
import { inPerson, posted } from '../../teams/channelWorld.ts'
import { inTeams, tenant } from '../../teams/inTeams.ts'
import { alikeView, togetherView } from '../../teams/sets.ts'
import type { Pictured, SentToTeams as Sent } from './teamsStudio.ts'

const card = { id: 'crd_01kb', status: 'posted' } as const
const view = inTeams(viewOfExport())
const situations = inTeams(inSlack)
const claims = inTeams(claimsInSlack)
const at = '2026-11-24T14:10:00.000Z'
const now = Date.parse(at)

/** What each function has made, by its name. */
export const messages: Pictured<Pictured<Sent | null>> = {
  renderCard: ofEach(({ view, status = 'posted' }) => renderCard({ ...card, status }, view)),
  postedCard: {
    'in its channel': postedCard(posted, view, tenant),
    'to one person': postedCard(inPerson, view, tenant),
  },
  renderTogether: {
    three: renderCard(
      card,
      togetherView([{ table: 'users' }, { table: 'orders', rows: 250_000 }, { table: 'logs' }]),
    ),
    decided: renderCard(
      card,
      togetherView([{ table: 'users' }, { table: 'orders' }], { state: 'approved', settledAt: at }),
    ),
    'too large': renderCard(card, togetherView(Array(20).fill({ sql: '漢'.repeat(700) }))),
  },
  renderAlike: {
    three: renderCard(card, alikeView(3, { table: 'users', rows: 250_000 })),
    twenty: renderCard(card, alikeView(20, { table: 'users' })),
  },
  tellEntries: Object.fromEntries(
    Object.entries(situations).flatMap(([name, { view, entries = [] }]) =>
      entries.map((entry, nth) => [`${name} ${nth}: ${entry.type}`, tellEntries(view, [entry])]),
    ),
  ),
  reminderOf: ofEach(({ view }) => reminderOf(view)),
  alarmOf: ofEach(({ view, alarm }) => alarmOf(view, alarm ?? { why: 'broken' })),
  confirmationMessage: Object.fromEntries(
    Object.entries(claims).map(([name, { mine, confirmation }]) => [
      name,
      confirmationMessage(mine, confirmation, 'k3m7x-a2b4c-d5e6f-g7h2j-m3n4p'),
    ]),
  ),
  disownedMessage: Object.fromEntries(
    Object.entries(claims)
      .filter(([, { confirmation }]) => confirmation.state === 'disowned')
      .map(([name, { confirmation }]) => [name, disownedMessage(confirmation)]),
  ),
  accountChangeMessage: Object.fromEntries(
    (['address', 'shared', 'became', 'returned'] as const).map((what) => [
      what,
      accountChangeMessage({
        what,
        changed: { account: 'teams:0f000000-0000-4000-8000-00000000000f:U0BOB', name: hostile },
        other: { account: 'teams:0f000000-0000-4000-8000-00000000000f:U0SAM', name: 'Sam' },
      }),
    ]),
  ),
  ...crowds(),
  ...delegations(),
  keyEndMessage: Object.fromEntries(
    (['soon', 'over'] as const).flatMap((stage) =>
      [0, 1].map((others) => [
        `${stage}, ${others} others`,
        keyEndMessage({ agent: 'billing-agent', key: 'key_01kb', expiresAt: at, stage, others }),
      ]),
    ),
  ),
  newsMessage: news(),
  oldCopy: { 'of a card': oldCopy(view.request.id) },
  tokenMessage: Object.fromEntries(
    (['issued', 'used', 'revoked'] as const).map((why) => [
      why,
      tokenMessage(
        { id: 'ptk_01kb0000000000000000000000', createdAt: at, endsAt: '2026-12-24T14:10:00.000Z' },
        { why, since: at, request: view.request.id },
      ),
    ]),
  ),
  questionMessage: questions(),
  queuedAnswer: {
    done: queuedAnswer(viewOfExport({ state: 'approved' }), { verb: 'approve', refused: null }),
    refused: queuedAnswer(view, { verb: 'approve', refused: { code: 'wrong_state', problems: [] } }),
  },
}

function ofEach(make: (situation: (typeof situations)[string]) => Sent | null): Pictured<Sent | null> {
  return Object.fromEntries(Object.entries(situations).map(([name, one]) => [name, make(one)]))
}

function crowds(): Pictured<Pictured<Sent>> {
  const names = ['billing-agent', hostile, 'c', 'd', 'e', 'f', 'g']
  const agents = names.map((name, nth) => ({ name, count: 20 - nth }))
  const many = { waiting: 119, agents, endsFirst: at, needed: [group('S0DATA'), group('S0SECURITY')] }
  const one = { waiting: 1, agents: agents.slice(0, 1), endsFirst: at, needed: [group('S0DATA')] }
  return {
    crowdMessage: { many: crowdMessage(many), one: crowdMessage(one), none: crowdMessage(null) },
    crowdReminderMessage: { many: crowdReminderMessage(many), one: crowdReminderMessage(one) },
  }
}

function delegations(): Pictured<Pictured<Sent>> {
  const about = { away: personOfToday('per_bob'), delegate: personOfToday('per_sam'), until: at }
  const whys = ['started', 'ended', 'declined', 'delegate_away'] as const
  return {
    delegationMessage: Object.fromEntries(
      whys.map((why) => [why, delegationMessage({ ...about, delegation: 'dlg_01kb', why }, view.people)]),
    ),
    declinedMessage: { declined: declinedMessage(about, view.people) },
  }
}

function news(): Pictured<Sent> {
  // One of each state: what came of a request is all that it says.
  const byState = new Map(Object.values(situations).map(({ view }) => [view.request.state, view]))
  const requests = Object.fromEntries(
    [...byState].map(([state, view]) => [
      state,
      newsMessage({ items: [{ about: 'request', view }], more: 0, now }),
    ]),
  )
  const refused = { count: 12, isAll: false, cooling: 3, actions: [{ action: 'db.export', count: 12 }] }
  const troubles = (['denied', 'pending', 'paced'] as const).map((trouble) => ({
    ...{ about: 'agent' as const, agent: 'billing-agent', trouble },
    ...(trouble === 'denied' && { refused }),
  }))
  return {
    ...requests,
    ...Object.fromEntries(
      troubles.map((one) => [`agent: ${one.trouble}`, newsMessage({ items: [one], more: 0, now })]),
    ),
    several: newsMessage({ items: [...troubles, { about: 'request', view }], more: 7, now }),
  }
}

function questions(): Pictured<Sent | null> {
  return Object.fromEntries(
    Object.entries(situations).flatMap(([name, { view }]) =>
      (view.request.notes ?? [])
        .filter(({ kind }) => kind === 'question')
        .map(({ id }) => [`${name} ${id}`, questionMessage(view, id)]),
    ),
  )
}
