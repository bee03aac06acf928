import type { ErasureFigure } from '../figures.ts'
import { code, type Html, html } from '../html.ts'
import { firstRows, table } from '../table.ts'
import { counted, moment } from '../words.ts'
import { type Page, person, type Section } from './page.ts'

/** Rows of each table. */
const most = 20

/** What was erased beside the ledger, and who read it. */
export function record(page: Page): Section {
  return {
    id: 'record',
    title: 'Erasures, and who read the record',
    body: html`${erasures(page)}${auditors(page)}`,
  }
}

function erasures(page: Page): Html {
  const { erased, notErased, erasures: all } = page.figures.record
  const refused =
    notErased.count === 0
      ? null
      : html`<p>${page.lists.link('Erasures that were not carried out', notErased, counted(notErased.count, 'erasure'))} asked for and not carried out.</p>`
  if (erased.count === 0) return html`<p>Nothing was erased.</p>${refused}`
  const { shown, more } = firstRows(all, most)
  const rows = shown.map((one) => [
    moment(one.ref.at),
    html`${one.what === 'person' ? 'a person' : 'a request'} ${code(one.id)}`,
    extentOf(one),
    one.askedBy === null ? html`` : person(page, one.askedBy),
    person(page, one.approvedBy),
    page.lists.link(`Erased: ${one.ref.at}`, { count: 1, first: [one.ref] }, 'entry'),
  ])
  const columns = ['When', 'What', 'How much', 'Asked by', 'Approved by', 'Entry'].map((label) => ({ label }))
  const link = page.lists.link('Erasures', erased, counted(erased.count, 'time'))
  return html`<p>Values beside the ledger were erased ${link}. The entries themselves stay, and the tree verifies as before.</p>
${table('What was erased', columns, rows)}${more}${refused}`
}

function extentOf({ values, requests, leftOpen }: ErasureFigure): string {
  const open = leftOpen > 0 ? `; ${counted(leftOpen, 'open request')} left` : ''
  return `${counted(values, 'value')} of ${counted(requests, 'request')}${open}`
}

function auditors(page: Page): Html {
  const { auditors: all, otherAuditors } = page.figures.record
  if (all.length === 0)
    return html`<p>Nobody read the record with a key of an auditor, and none was granted or revoked. Whoever may read the database can read it without one.</p>`
  const { shown, more } = firstRows(all, most)
  const rows = shown.map(({ name, granted, read, revoked }) => [
    person(page, name),
    page.lists.link(`Read by ${name}`, read),
    page.lists.link(`Keys granted to ${name}`, granted),
    page.lists.link(`Keys of ${name} that were revoked`, revoked),
  ])
  const columns = [
    { label: 'Auditor' },
    ...['Read', 'Keys granted', 'Keys revoked'].map((label) => ({ label, numeric: true })),
  ]
  const others =
    otherAuditors.count === 0
      ? null
      : html`<p class="note">${page.lists.link('Other auditors', otherAuditors)} entries of other auditors are not told apart here.</p>`
  return html`${table('Auditors, and how often they began to read', columns, rows)}${more}${others}`
}
