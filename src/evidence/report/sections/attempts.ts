import { refusals } from '../../../core/refusals.ts'
import { messageOf } from '../../../ledger/logLine.ts'
import type { RefusedKind } from '../figures.ts'
import { code, type Html, html } from '../html.ts'
import { firstRows, table } from '../table.ts'
import { counted, moment } from '../words.ts'
import { action, type Page, person, type Section } from './page.ts'

const mostKinds = 60
const mostOwn = 20

/** What was tried and refused: first of all by people behind an action. */
export function attempts(page: Page): Section {
  const { figures, lists } = page
  const { kinds } = figures.attempts
  const { shown, more } = firstRows(kinds, mostKinds)
  const rows = shown.map((kind) => [
    messageOf(kind.type),
    whyOf(kind),
    lists.link(`${messageOf(kind.type)}${kind.code === null ? '' : `: ${kind.code}`}`, kind.entries),
  ])
  const columns = [{ label: 'What' }, { label: 'What they were told' }, { label: 'Entries', numeric: true }]
  return {
    id: 'attempts',
    title: 'Refused attempts',
    body: html`${own(page)}${
      rows.length === 0
        ? html`<p>Nothing else was refused.</p>`
        : html`${table('Everything that was refused', columns, rows)}${more}`
    }`,
  }
}

/** What the one who tried was told, where there is a sentence for it. */
function whyOf({ code: given }: RefusedKind): Html {
  if (given === null) return html``
  const refusal = Object.entries(refusals).find(([name]) => name === given)?.[1]
  return refusal ? html`${refusal.says} ${code(given)}` : code(given)
}

const verbs: Readonly<Record<string, string>> = {
  approve: 'approve',
  break_glass: 'break the glass',
  close_review: 'close the review',
}

function own(page: Page): Html {
  const { own: all, ownList } = page.figures.attempts
  if (all.count === 0)
    return html`<p>Nobody behind an action tried to approve it, to let it through in an emergency or to close its review.</p>`
  const { shown, more } = firstRows(ownList, mostOwn)
  const rows = shown.map((one) => [
    moment(one.ref.at),
    person(page, one.person),
    verbs[one.verb] ?? one.verb,
    action(one.action),
    page.lists.link(`Attempt of ${one.ref.at}`, { count: 1, first: [one.ref] }, code(one.ref.request ?? '')),
  ])
  const columns = ['When', 'Who', 'Tried to', 'Action', 'Request'].map((label) => ({ label }))
  const link = page.lists.link('Attempts of people behind an action', all, counted(all.count, 'time'))
  return html`<p>People behind an action tried ${link} to let it through, or to close the review of it. Each was refused.</p>
${table('Attempts of people behind an action', columns, rows)}${more}`
}
