import { actionChart, endingNames, overTimeChart } from '../charts.ts'
import { endings, type RequestFigures, type TimeUnit } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { type Column, firstRows, table } from '../table.ts'
import { counted, dayText, numberText } from '../words.ts'
import { action, legend, type Page, type Section } from './page.ts'

/** Rows of actions, and how many of them are drawn. */
const mostRows = 40
const mostDrawn = 10

/** How many there were, how they ended, and of what. */
export function volume(page: Page): Section {
  const { requests } = page.figures
  const total = endings.reduce((sum, ending) => sum + requests.ended[ending].count, 0)
  const waiting = html`<p>${counted(total, 'request')} ended in this period; ${page.lists.link(
    'Waiting at the end of the period',
    requests.waiting,
    counted(requests.waiting.count, 'request'),
  )} waited at its end. Each is counted when it ended.</p>`
  return {
    id: 'volume',
    title: 'What was asked, and how it ended',
    body: total === 0 ? waiting : html`${waiting}${overTime(page)}${actions(page)}`,
  }
}

function used(requests: RequestFigures) {
  return endings.filter((ending) => requests.ended[ending].count > 0)
}

function overTime({ figures: { requests }, lists }: Page): Html {
  const { unit, bars } = requests.overTime
  const shown = used(requests)
  const columns: readonly Column[] = [
    { label: unitNames[unit] },
    ...shown.map((ending) => ({ label: endingNames[ending], numeric: true })),
    { label: 'All', numeric: true },
  ]
  const rows = bars
    .filter(({ entries }) => entries.count > 0)
    .map(({ begins, ended, entries }) => [
      barName(begins, unit),
      ...shown.map((ending) => numberText(ended[ending])),
      lists.link(`Ended: ${barName(begins, unit)}`, entries),
    ])
  const title = `How requests ended, by ${unit}`
  return html`<figure aria-labelledby="over-time-title">
<figcaption id="over-time-title">${title}</figcaption>
${legend(shown.map((ending) => ({ ending, label: endingNames[ending] })))}
${overTimeChart(requests, {
  id: 'over-time',
  title,
  describes: shown
    .map((ending) => `${endingNames[ending]}: ${numberText(requests.ended[ending].count)}.`)
    .join(' '),
})}
<details><summary>The same as a table</summary>${table(title, columns, rows)}</details>
</figure>
`
}

const unitNames: Readonly<Record<TimeUnit, string>> = {
  hour: 'Hour (UTC)',
  day: 'Day (UTC)',
  week: 'Week from Monday (UTC)',
  month: 'Month (UTC)',
  year: 'Year (UTC)',
}

function barName(begins: string, unit: TimeUnit): string {
  if (unit === 'hour') return `${begins.slice(0, 10)} ${begins.slice(11, 16)}`
  if (unit === 'month') return dayText(begins).replace(/^\d+ /, '')
  return unit === 'year' ? begins.slice(0, 4) : begins.slice(0, 10)
}

function actions({ figures: { requests }, lists }: Page): Html {
  const { shown, more } = firstRows(requests.actions, mostRows)
  const kinds = used(requests)
  const columns: readonly Column[] = [
    { label: 'Action' },
    { label: 'Asked', numeric: true },
    ...kinds.map((ending) => ({ label: endingNames[ending], numeric: true })),
  ]
  const rows = shown.map((one) => [
    action(one.name),
    lists.link(`Asked: ${one.name}`, one.asked),
    ...kinds.map((ending) => lists.link(`${endingNames[ending]}: ${one.name}`, one.ended[ending])),
  ])
  const drawn = requests.actions.slice(0, mostDrawn)
  const title =
    drawn.length < requests.actions.length ? `The ${drawn.length} actions that were asked most` : 'By action'
  return html`<figure aria-labelledby="actions-title">
<figcaption id="actions-title">${title}</figcaption>
${legend(kinds.map((ending) => ({ ending, label: endingNames[ending] })))}
${actionChart(drawn, { id: 'actions', title, describes: 'How requests ended, for each action. The table beneath has the numbers.' })}
${table('How requests ended, by action', columns, rows)}
${more}${others(lists, requests)}
</figure>
`
}

function others(lists: Page['lists'], { otherActions }: RequestFigures): Html {
  if (otherActions.count === 0) return html``
  return html`<p class="note">${lists.link('Of other actions', otherActions)} more entries are of actions that are not told apart here: their names came
after the first 300, or they were asked long before.</p>`
}
