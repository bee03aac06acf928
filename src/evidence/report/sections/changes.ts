import type { Activation, ChangedPart } from '../figures.ts'
import { code, type Html, html, theirs } from '../html.ts'
import { table } from '../table.ts'
import { counted, moment, shortDigest } from '../words.ts'
import { type Page, person, type Section } from './page.ts'

/** How many names of a part are shown. */
const mostNames = 6

/** What changed the rules: policies, and stops. */
export function changes(page: Page): Section {
  const { activations, moreActivations, before } = page.figures.changes
  const begun =
    before === null
      ? html`<p>No policy was in force when the period began.</p>`
      : html`<p>When the period began, the policy ${digest(before)} was in force.</p>`
  const none = html`<p>No other was put in force.</p>`
  const rest =
    moreActivations > 0
      ? html`<p class="note">${counted(moreActivations, 'more activation')} are not shown here.</p>`
      : null
  const all = html`<ol class="policies">${activations.map((one) => activation(page, one))}</ol>${rest}`
  return {
    id: 'changes',
    title: 'Changes of policy, and stops',
    body: html`${begun}${activations.length === 0 ? none : all}${refused(page)}${stops(page)}`,
  }
}

function digest(whole: string): Html {
  return html`<code title="${whole}">${shortDigest(whole)}</code>`
}

function activation(page: Page, one: Activation): Html {
  const approved = one.approvedBy.map((id, nth): Html => html`${nth > 0 ? ', ' : null}${person(page, id)}`)
  const by = one.brokenGlass
    ? html`let through in an emergency by ${person(page, one.brokenGlass)}`
    : one.approvedBy.length > 0
      ? html`approved by ${approved}`
      : html`nobody else had to approve it`
  const link = page.lists.link(`Policy ${shortDigest(one.digest)}`, { count: 1, first: [one.ref] }, 'entry')
  return html`<li><h3>${moment(one.ref.at)} ${one.name === null ? null : theirs(one.name)} ${digest(one.digest)}</h3>
<p>Asked for by ${person(page, one.by)}; ${by} (${link}). ${one.before === null ? 'The first policy.' : html`Before: ${digest(one.before)}.`}</p>
<p class="digest">${code(one.digest)}</p>
${one.parts.length === 0 ? null : html`<ul class="parts">${one.parts.map(partOf)}</ul>`}</li>
`
}

function partOf({ what, count, names }: ChangedPart): Html {
  const shown = names
    .slice(0, mostNames)
    .map((name, nth): Html => html`${nth > 0 ? ', ' : ': '}${code(name)}`)
  const rest = count - Math.min(names.length, mostNames)
  return html`<li><b>${count}</b> ${what}${shown}${rest > 0 && names.length > 0 ? ` and ${rest} more` : null}</li>`
}

function refused(page: Page): Html {
  const { refused: all } = page.figures.changes
  if (all.length === 0) return html``
  const rows = all.map(({ ref, digest: which, why }) => [
    moment(ref.at),
    digest(which),
    theirs(why),
    page.lists.link(`Not put in force: ${ref.at}`, { count: 1, first: [ref] }, 'entry'),
  ])
  const columns = ['When', 'Policy', 'Why not', 'Entry'].map((label) => ({ label }))
  return table('Policies that were approved and not put in force', columns, rows)
}

function stops(page: Page): Html {
  const { stops: all } = page.figures.changes
  if (all.length === 0) return html`<p>Nothing was stopped.</p>`
  const rows = all.map(({ ref, scope, by, resumed }) => [
    page.lists.link(`Stop of ${ref.at}`, { count: 1, first: [ref] }, ref.at.slice(0, 19).replace('T', ' ')),
    theirs(scope),
    person(page, by),
    resumed
      ? html`${moment(resumed.ref.at)} by ${person(page, resumed.by)}`
      : html`<span class="mark overdue">still holds</span>`,
  ])
  const columns = ['Stopped', 'What', 'By', 'Resumed'].map((label) => ({ label }))
  return table('Stops', columns, rows)
}
