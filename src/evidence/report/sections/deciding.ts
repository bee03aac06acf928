import { timeChart } from '../charts.ts'
import { type Deed, deeds, type PersonFigures } from '../figures.ts'
import { type Html, html, theirs } from '../html.ts'
import { type Column, firstRows, table } from '../table.ts'
import { counted, numberText, timeText } from '../words.ts'
import { type Page, person, type Section } from './page.ts'

/** People who are shown, and actions of each. */
const mostPeople = 60
const mostActions = 4

/** How long people took. */
export function times({ figures, lists }: Page): Section {
  const { times: found } = figures.requests
  const { measured, median, ninetieth, longest } = found
  if (measured === 0 || median === null || ninetieth === null || longest === null)
    return { id: 'times', title: 'Time to decide', body: html`<p>People decided nothing in this period.</p>` }
  const title = 'From asking to the decision that ended it'
  const rows = found.spans.map(({ name, entries }) => [
    name,
    lists.link(`Decided in ${name}`, entries),
    `${Math.round((entries.count * 100) / measured)} %`,
  ])
  const unknown = found.decided.count - measured
  const left =
    unknown > 0 ? html` Of ${numberText(unknown)} more it is not known any more when they were asked.` : null
  return {
    id: 'times',
    title: 'Time to decide',
    body: html`<p>Half of ${counted(measured, 'decision')} took ${timeText(median)} or less, nine in ten ${timeText(ninetieth)} or less; the longest took
${timeText(longest)}.${left}</p>
<figure aria-labelledby="times-title">
<figcaption id="times-title">${title}</figcaption>
${timeChart(found, { id: 'times-chart', title, describes: `Median ${timeText(median)}, 90 % within ${timeText(ninetieth)}.` })}
${table(title, [{ label: 'Took' }, { label: 'Decisions', numeric: true }, { label: 'Share', numeric: true }], rows)}
</figure>
`,
  }
}

const deedNames: Readonly<Record<Deed, string>> = {
  approved: 'Approved',
  denied: 'Denied',
  tookBack: 'Took back',
  brokeGlass: 'Let through alone',
  reviewed: 'Reviewed',
  refused: 'Was refused',
}

/** Who decided what. */
export function deciders(page: Page): Section {
  const { people, others } = page.figures.people
  const acted = people.filter(({ did }) => deeds.some((deed) => did[deed].count > 0))
  const { shown, more } = firstRows(acted, mostPeople)
  const kinds = deeds.filter((deed) => acted.some(({ did }) => did[deed].count > 0))
  const columns: readonly Column[] = [
    { label: 'Person' },
    ...kinds.map((deed) => ({ label: deedNames[deed], numeric: true })),
    { label: 'Decided about' },
  ]
  const rows = shown.map((one) => [
    person(page, one.name),
    ...kinds.map((deed) => page.lists.link(`${deedNames[deed]}: ${one.name}`, one.did[deed])),
    aboutOf(one),
  ])
  const rest =
    others.count > 0
      ? html`<p class="note">${page.lists.link('By other people', others)} more entries are by people after the first 300.</p>`
      : null
  const intro = html`<p>People are named as the record named them then: by their id, and by the name that the directory gave with what they did last.</p>`
  const body = html`${intro}${table('What each person did', columns, rows)}${more}${rest}`
  return {
    id: 'people',
    title: 'Who decided what',
    body: acted.length === 0 ? html`<p>Nobody decided anything in this period.</p>` : body,
  }
}

function aboutOf({ actions }: PersonFigures): Html {
  const shown = actions
    .slice(0, mostActions)
    .map(({ name, count }, nth): Html => html`${nth > 0 ? ', ' : null}${theirs(name)} ${numberText(count)}`)
  const rest = actions.length - mostActions
  return html`${shown}${rest > 0 ? html` and ${counted(rest, 'other action')}` : null}`
}
