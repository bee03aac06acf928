import type { EntryType } from '../../../ledger/entry.ts'
import { messageOf } from '../../../ledger/logLine.ts'
import type { DoneFigures } from '../figures.ts'
import { code, type Html, html } from '../html.ts'
import { table } from '../table.ts'
import { moment } from '../words.ts'
import { action, type Page, type Section } from './page.ts'

const kinds = [
  ['issued', 'Grants issued'],
  ['redeemed', 'Grants redeemed'],
  ['succeeded', 'Reported as done'],
  ['failed', 'Reported as failed'],
  ['unreported', 'Not reported in time'],
  ['lapsed', 'Approved and not used in time'],
  ['revoked', 'Approved and taken back'],
  ['deviated', 'Reports that deviate'],
  ['rollbacks', 'Rollbacks asked for'],
] as const satisfies readonly (readonly [keyof DoneFigures, string])[]

/** What became of what was approved. */
export function execution(page: Page): Section {
  const { done } = page.figures
  const rows = kinds.map(([kind, label]) => [label, page.lists.link(label, done[kind])])
  return {
    id: 'execution',
    title: 'What was done',
    body: html`${table('After the approval', [{ label: 'What' }, { label: 'Entries', numeric: true }], rows)}
${deviations(page)}${rollbacks(page)}`,
  }
}

function deviations({ figures: { done, agents }, lists }: Page): Html {
  if (done.deviations.length === 0) return html`<p>No report deviates from what was approved.</p>`
  const names = new Map(agents.agents.map(({ id, name }) => [id, name]))
  const rows = done.deviations.map((one) => [
    moment(one.ref.at),
    html`<bdi class="name">${names.get(one.agent) ?? one.agent}</bdi>`,
    action(one.action),
    html`${one.kinds.join(', ')}${one.pointers.slice(0, 3).map((pointer) => html` ${code(pointer)}`)}`,
    lists.link(`Deviation of ${one.ref.at}`, { count: 1, first: [one.ref] }, code(one.ref.request ?? '')),
  ])
  const columns = ['When', 'Agent', 'Action', 'What differs', 'Request'].map((label) => ({ label }))
  return html`${table('Deviations', columns, rows)}${shownOf(done.deviations.length, done.deviated.count)}`
}

function rollbacks({ figures: { done }, lists }: Page): Html {
  if (done.rollbackList.length === 0) return html``
  const rows = done.rollbackList.map((one) => [
    moment(one.ref.at),
    action(one.action),
    code(one.undoes),
    lists.link(`Rollback of ${one.ref.at}`, { count: 1, first: [one.ref] }, code(one.ref.request ?? '')),
    became[one.last] ?? messageOf(one.last),
  ])
  const columns = ['Asked', 'Action', 'Undoes', 'Request', 'What became of it'].map((label) => ({ label }))
  return html`${table('Rollbacks', columns, rows)}${shownOf(done.rollbackList.length, done.rollbacks.count)}`
}

const became: Readonly<Partial<Record<EntryType, string>>> = {
  'request.submitted': 'it waits',
  'request.approved': 'approved',
  'request.denied': 'denied',
  'request.expired': 'expired',
  'request.cancelled': 'cancelled',
  'request.revoked': 'taken back',
  'request.lapsed': 'not used in time',
  'request.unreported': 'not reported in time',
  'execution.reported': 'reported',
}

function shownOf(shown: number, count: number): Html {
  return count > shown ? html`<p class="note">${count - shown} more are not shown here.</p>` : html``
}
