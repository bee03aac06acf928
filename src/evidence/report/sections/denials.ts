import type { OutcomeCode } from '../../../core/outcome.ts'
import { code, html } from '../html.ts'
import { firstRows, table } from '../table.ts'
import type { Page, Section } from './page.ts'

const mostRules = 40

/** How each way of not being approved is said. The code stands beside it. */
const reasons: Readonly<Partial<Record<string, string>>> = {
  denied: 'A person said no',
  denied_by_policy: 'A rule denied it',
  cooling_down: 'A person had denied the same a short while ago, so nobody was asked again',
  nobody_can: 'Nobody who is not behind the action could have agreed',
  timed_out: 'Not enough people agreed before the deadline',
  nobody_reachable: 'No channel reached anybody before the deadline',
  denial_stands: 'A rule denied it, and nobody lifted that in time',
} satisfies Partial<Record<OutcomeCode, string>>

/** Why requests were denied or expired. */
export function denials({ figures: { requests }, lists }: Page): Section {
  const { outcomes, denyingRules } = requests
  const rows = outcomes.map(({ name, entries }) => [
    reasons[name] ?? name,
    code(name),
    lists.link(reasons[name] ?? name, entries),
  ])
  const { shown, more } = firstRows(denyingRules, mostRules)
  const rules = shown.map(({ name, entries }) => [
    code(name),
    lists.link(`Denied by the rule ${name}`, entries),
  ])
  const byRule =
    rules.length === 0
      ? null
      : html`${table('Which rules denied', [{ label: 'Rule' }, { label: 'Requests', numeric: true }], rules)}${more}`
  const why = [{ label: 'Why' }, { label: 'Code' }, { label: 'Requests', numeric: true }]
  return {
    id: 'denials',
    title: 'Denied and expired',
    body:
      rows.length === 0
        ? html`<p>Nothing was denied in this period, and nothing expired.</p>`
        : html`${table('Why requests were denied or expired', why, rows)}${byRule}`,
  }
}
