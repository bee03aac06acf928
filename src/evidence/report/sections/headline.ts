import type { Listed } from '../counting.ts'
import { type Html, html } from '../html.ts'
import { counted, numberText, timeText } from '../words.ts'
import type { Page, Section } from './page.ts'

/** What somebody wants to know who reads nothing else. */
export function headline(page: Page): Section {
  const { figures, lists } = page
  const { requests, attempts } = figures
  const { ended, times } = requests
  const figure = (label: string, title: string, listed: Listed, note: Html): Html =>
    html`<li><span class="label">${label}</span><b>${lists.link(title, listed)}</b><span class="note">${note}</span></li>
`
  const time = (label: string, seconds: number | null, note: string): Html =>
    html`<li><span class="label">${label}</span><b class="time">${
      seconds === null
        ? html`<span class="zero">–</span>`
        : lists.link('Decided by people', times.decided, timeText(seconds))
    }</b><span class="note">${note}</span></li>
`
  const denials = ended.denied.count + ended.refused.count
  return {
    id: 'overview',
    title: 'Overview',
    body: html`<ul class="headline">
${figure('Asked', 'Asked', requests.asked, html`by ${counted(asking(page), 'agent')}`)}
${figure('Allowed by policy', 'Allowed by policy', ended.allowed, html`nobody had to be asked`)}
${figure('Approved by people', 'Approved by people', ended.approved, html`each by somebody who was not behind it`)}
${figure('Denied by people', 'Denied by people', ended.denied, html`of ${counted(denials, 'denial')}`)}
${figure('Denied by policy', 'Denied by policy', ended.refused, html`a rule said no, or nobody could have said yes`)}
${figure('Expired', 'Expired', ended.expired, html`not decided in time is not approved`)}
${time('Time to decide, median', times.median, halfOf(times.measured))}
${time('Time to decide, 90 %', times.ninetieth, times.measured === 0 ? 'people decided nothing' : 'nine in ten took no longer')}
${figure('Self-approvals refused', 'Attempts of people behind an action', attempts.own, html`people behind an action tried to let it through`)}
</ul>
`,
  }
}

function asking({ figures }: Page): number {
  return figures.agents.agents.filter(({ asked }) => asked.count > 0).length
}

function halfOf(measured: number): string {
  if (measured === 0) return 'people decided nothing'
  return measured === 1 ? 'of one decision' : `half of ${numberText(measured)} decisions took no longer`
}
