import { describe, expect, test } from 'vitest'
import type { RequestView } from '../../src/card/view.ts'
import { digestAction } from '../../src/core/action.ts'
import type { Json } from '../../src/core/json.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { renderCard } from '../../src/slack/card/card.ts'
import { decisionOf, viewOfExport } from '../card/views.ts'
import { filesIn, loaded } from '../policy/files.ts'
import { personOfToday } from '../support/people.ts'
import { linesOf, phone } from './phone.ts'

/** The policy that ships. */
const bundle = loaded(filesIn('policies'))

interface Asked {
  readonly action: string
  readonly resource: { readonly type: string; readonly id: string }
  readonly params: Record<string, Json>
}

/** The request as that policy judges it. */
function viewOf({ action: name, resource, params }: Asked): RequestView {
  const action = { action: name, resource, params, environment: 'prod' }
  const ask = { action, agent: { id: 'agt_1', name: 'bot' }, at: '2026-11-24T14:00:00.000Z' }
  const { verdict, requirement, effect } = evaluate(bundle, ask)
  return viewOfExport({ action, digest: digestAction(action), verdict, requirement, effect })
}

/** What a phone shows first. */
function firstLines(view: RequestView, count: number = phone.lines): string {
  return linesOf(renderCard({ id: 'crd_01kb', status: 'posted' }, view).blocks)
    .slice(0, count)
    .join('\n')
}

const table = { type: 'table', id: 'warehouse.users' }
const exporting = (params: Record<string, Json>): Asked => ({
  action: 'db.export',
  resource: table,
  params: { table: 'users', rows: 500, columns: ['id'], destination: 's3://acme-lake-in/x', ...params },
})

describe('what it does is said first, and nothing claims that it only reads', () => {
  test.each([
    ['an export', exporting({ rows: 250_000 }), 'Copies rows of a table to another place.'],
    [
      'SQL text',
      {
        action: 'db.query',
        resource: table,
        params: { sql: 'DROP TABLE warehouse.users; --', tables: ['warehouse.users'] },
      },
      'Runs SQL text that nobody has checked',
    ],
  ])('%s', (_, asked, says) => {
    const [title = '', first = ''] = firstLines(viewOf(asked)).split('\n')

    expect(title).toContain('Approval needed')
    expect(first).toContain(says.slice(0, 35))
    expect(firstLines(viewOf(asked), 40)).not.toContain('Reads')
  })

  test('control: what has no sentence and reads says so', () => {
    expect(firstLines(viewOfExport())).toContain('Reads')
  })
})

describe('what makes it worse than usual is marked in the first twelve lines of forty columns', () => {
  test.each([
    ['very many rows', exporting({ rows: 250_000 }), '⚠ rows 250,000 ≥ 100,000'],
    ['a column of e-mail addresses', exporting({ columns: ['id', 'email'] }), '⚠ columns "email"'],
    ['a place that is not ours', exporting({ destination: 's3://elsewhere/x' }), '⚠ goes outside'],
    ['sensitive data', exporting({}), '⚠ restricted data'],
    [
      'money that does not come back',
      {
        action: 'payment.send',
        resource: { type: 'account', id: 'main' },
        params: { to_account: 'DE89', amount_cents: 9_000_000, currency: 'EUR' },
      },
      '⚠ cannot be undone',
    ],
    [
      'a secret that is deleted',
      { action: 'secret.delete', resource: { type: 'secret', id: 'stripe' }, params: { name: 'stripe' } },
      '⚠ cannot be undone',
    ],
    [
      'a name that looks like ours',
      {
        action: 'email.send',
        resource: { type: 'mailbox', id: 'out' },
        params: { to: ['a@аcme.test'], subject: 's', body: 'b' },
      },
      '⚠ look-alike name',
    ],
  ])('%s', (_, asked, mark) => {
    expect(firstLines(viewOf(asked)).replaceAll('\n', ' ').replace(/ +/g, ' ')).toContain(mark)
  })

  test('control: of the harmless twin nothing of it is marked', () => {
    const events = {
      ...exporting({ table: 'events', rows: 5_000 }),
      resource: { ...table, id: 'warehouse.events' },
    }
    const lines = firstLines(viewOf(events))

    expect(lines).not.toMatch(/outside|restricted|look-alike|"email"|≥ 100,000/)
    expect(lines).toContain('stays inside')
  })
})

test('the first posting mentions those who can act, and names those who cannot', () => {
  const { text, blocks } = renderCard({ id: 'crd_01kb', status: 'posted' }, viewOfExport())
  const mentioned = [...`${text}${JSON.stringify(blocks)}`.matchAll(/<(?:@|!subteam\^)(\w+)>/g)].map(
    ([, id]) => id,
  )

  expect([...new Set(mentioned)].sort()).toEqual(['S0DATA', 'S0SECURITY', 'U0OMAR'])
  expect(JSON.stringify(blocks)).toContain('Cannot decide: Alice, Lee')
})

const omar = { account: 'slack:T0ACME:U0OMAR', name: 'Omar' }
const byOmar = (kind: 'approve' | 'deny', ended?: 'withdrawn') => ({
  ...decisionOf('bob', kind),
  person: 'per_omar',
  account: omar.account,
  ...(ended && { ended: { how: ended, reason: null, at: '2026-11-24T14:10:00.000Z' } }),
})
const drawnWith = (change: Parameters<typeof viewOfExport>[0]) => {
  const view = viewOfExport(change)
  const people = new Map([...view.people, [personOfToday('per_omar'), omar]])
  return JSON.stringify(renderCard({ id: 'crd_01kb', status: 'posted' }, { ...view, people }).blocks)
}

test.each([
  ['is behind the action', { behind: [{ person: 'per_omar', role: 'initiator' as const }] }],
  ['has agreed', { decisions: [byOmar('approve')] }],
  ['has denied where one denial is not enough', { decisions: [byOmar('deny')] }],
])('a person who %s is not called for a seat', (_, change) => {
  const drawn = drawnWith(change)

  expect(drawn).not.toContain('<@U0OMAR>')
  expect(drawn).toContain('<!subteam^S0DATA> or owner')
})

test('control: one who has decided nothing, or has taken their approval back, is called', () => {
  expect(drawnWith({})).toContain('<!subteam^S0DATA> or <@U0OMAR>')
  expect(drawnWith({ decisions: [byOmar('approve', 'withdrawn')] })).toContain(
    '<!subteam^S0DATA> or <@U0OMAR>',
  )
})
