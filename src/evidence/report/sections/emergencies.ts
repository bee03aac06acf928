import type { Glass } from '../figures.ts'
import { code, type Html, html } from '../html.ts'
import { firstRows, table } from '../table.ts'
import { counted, moment } from '../words.ts'
import { action, type Page, person, type Section } from './page.ts'

const mostGlasses = 50

/** Who let something through alone, and who looked at it afterwards. */
export function emergencies(page: Page): Section {
  const { broken, glasses, more, onTime, late, overdue, open } = page.figures.emergencies
  const { link } = page.lists
  const { shown, more: notShown } = firstRows(glasses, mostGlasses)
  const summary = html`<p>The glass was broken ${link('Broken glass', broken, counted(broken.count, 'time'))}. Of the reviews that were due,
${link('Reviewed in time', onTime)} were closed in time, ${link('Reviewed late', late)} late; ${link('Overdue reviews', overdue)} are overdue and
${link('Open reviews', open)} open.</p>`
  const rows = shown.map((glass) => [
    moment(glass.ref.at),
    person(page, glass.person),
    action(glass.action),
    link(`Broken glass of ${glass.ref.at}`, { count: 1, first: [glass.ref] }, code(glass.ref.request ?? '')),
    reviewOf(page, glass),
  ])
  const columns = ['When', 'Who', 'Action', 'Request', 'Review'].map((label) => ({ label }))
  const rest =
    more > 0
      ? html`<p class="note">Of ${counted(more, 'further one')} only the number is known here.</p>`
      : null
  return {
    id: 'emergencies',
    title: 'Emergencies and their reviews',
    body:
      glasses.length === 0
        ? html`<p>Nobody let anything through alone in this period, and no earlier review was open.</p>`
        : html`${summary}${table('Every broken glass', columns, rows)}${notShown}${rest}`,
  }
}

function reviewOf(page: Page, { state, closed, reviewBy }: Glass): Html {
  const due = reviewBy === null ? null : html`, due ${moment(reviewBy)}`
  const mark = html`<span class="mark ${state.replace(' ', '-')}">${state}</span>`
  if (!closed) return html`${mark}${due}`
  return html`${mark} by ${person(page, closed.person)}, ${moment(closed.ref.at)}${state === 'late' ? due : null}`
}
