import type { EntryType } from '../../../ledger/entry.ts'
import { type Listed, mostListed, none, type Ref } from '../counting.ts'
import type { Figures } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { counted } from '../words.ts'
import type { Page, Section } from './page.ts'

/** What an auditor would ask about first. */
export function attention({ figures, lists }: Page): Section {
  const found = questions
    .map((question) => ({ ...question, listed: question.of(figures) }))
    .filter(({ listed }) => listed.count > 0)
  const calm = html`<p class="calm">Nothing on record in this period asks for an explanation: no review was missed, nothing that was done differs from what was
approved, nobody behind an action tried to let it through, and the ledger and what left the house fit each other.</p>`
  const items = found.map(({ listed, one, more, why }): Html => {
    const title = more.slice(0, 1).toUpperCase() + more.slice(1)
    return html`<li><b>${lists.link(title, listed, counted(listed.count, one, more))}</b><span>${why}</span></li>
`
  })
  return {
    id: 'attention',
    title: 'What needs a look',
    body: found.length === 0 ? calm : html`<ul class="findings">${items}</ul>`,
  }
}

interface Question {
  readonly of: (figures: Figures) => Listed
  /** Of one, and of several. */
  readonly one: string
  readonly more: string
  readonly why: string
}

const questions: readonly Question[] = [
  {
    of: ofType('ledger.resumed'),
    ...{ one: 'gap in the ledger', more: 'gaps in the ledger' },
    why: 'A backup was restored, and what had been recorded since is lost. Two people let the ledger go on.',
  },
  {
    of: ofType('anchor.disputed'),
    ...{ one: 'disputed anchor', more: 'disputed anchors' },
    why: 'A place outside the database holds something that does not fit the ledger.',
  },
  {
    of: ({ emergencies }) => emergencies.overdue,
    ...{ one: 'overdue review', more: 'overdue reviews' },
    why: 'One person let an action through alone, and nobody else has looked at it in time.',
  },
  {
    of: ({ emergencies }) => emergencies.late,
    ...{ one: 'late review', more: 'late reviews' },
    why: 'Somebody else looked, but after the time that policy gives.',
  },
  {
    of: ({ done }) => done.deviated,
    ...{ one: 'deviation', more: 'deviations' },
    why: 'What was done is not what was approved.',
  },
  {
    of: ofType('grant.replayed'),
    ...{ one: 'second use of a grant', more: 'second uses of grants' },
    why: 'A grant works once. The attempt was refused.',
  },
  {
    of: ofType('grant.mismatched'),
    ...{ one: 'use of a grant for another action', more: 'uses of grants for other actions' },
    why: 'The attempt was refused.',
  },
  {
    of: ofType('grant.refused'),
    ...{ one: 'refused grant', more: 'refused grants' },
    why: 'It was approved, and at the moment of its use something stood against it.',
  },
  {
    of: ofType('token.refused'),
    ...{ one: 'refused token', more: 'refused tokens' },
    why: 'Somebody came with a token that is none of ours, or whose time was over.',
  },
  {
    of: ofType('lease.expires'),
    ...{ one: 'credential that could not be taken back', more: 'credentials that could not be taken back' },
    why: 'It was to be ended, and lived until its time.',
  },
  {
    of: ofType('claims.alarmed'),
    ...{ one: 'alarm about claims', more: 'alarms about claims' },
    why: 'What an agent claimed took away people who could have decided.',
  },
  {
    of: ofType('confirmation.disowned'),
    ...{ one: 'disowned claim', more: 'disowned claims' },
    why: 'Somebody says that what was done in their name was not them.',
  },
  {
    of: ({ attempts }) => attempts.own,
    ...{ one: 'refused self-approval', more: 'refused self-approvals' },
    why: 'People behind an action tried to let it through.',
  },
  {
    of: ofType('attempts.alarmed'),
    ...{ one: 'alarm about self-approval', more: 'alarms about self-approval' },
    why: 'People behind an action tried again and again.',
  },
  {
    of: ({ done }) => done.unreported,
    ...{ one: 'action without a report', more: 'actions without a report' },
    why: 'The grant was redeemed, and nobody said in time how it ended.',
  },
  {
    of: ({ agents }) => together(agents.agents.map(({ ownerLeft }) => ownerLeft)),
    ...{ one: 'request of an agent without an owner', more: 'requests of agents without an owner' },
    why: 'The directory said that the owner had left.',
  },
  {
    of: ({ changes }) => listOf(changes.activations.flatMap((one) => (one.brokenGlass ? [one.ref] : []))),
    ...{ one: 'policy put in force by one person', more: 'policies put in force by one person' },
    why: 'The glass was broken for it.',
  },
  {
    of: ({ changes }) => listOf(changes.stops.flatMap((one) => (one.resumed ? [] : [one.ref]))),
    ...{ one: 'stop that still holds', more: 'stops that still hold' },
    why: 'Nothing that it covers runs until others have agreed to resume it.',
  },
  {
    of: ({ record }) => record.erased,
    ...{ one: 'erasure', more: 'erasures' },
    why: 'People decided that values beside the ledger go for good. The reason stands beside the entry.',
  },
  {
    of: ofType('webhook.dead'),
    ...{ one: 'message that was given up', more: 'messages that were given up' },
    why: 'A webhook did not take it, so whoever listens there was not told.',
  },
  {
    of: ({ requests }) => requests.outcomes.find(({ name }) => name === 'nobody_reachable')?.entries ?? none,
    ...{ one: 'request that reached nobody', more: 'requests that reached nobody' },
    why: 'No channel is known to have shown it to anybody before its deadline.',
  },
]

function ofType(type: EntryType): Question['of'] {
  return ({ ledger }) => ledger.types.find((one) => one.type === type)?.entries ?? none
}

function listOf(refs: readonly Ref[]): Listed {
  return { count: refs.length, first: refs.slice(0, mostListed) }
}

function together(all: readonly Listed[]): Listed {
  const first = all.flatMap((one) => one.first).sort((a, b) => a.index - b.index)
  return { count: all.reduce((sum, { count }) => sum + count, 0), first: first.slice(0, mostListed) }
}
