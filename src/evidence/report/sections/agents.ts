import type { AgentFigure } from '../figures.ts'
import { code, type Html, html } from '../html.ts'
import { firstRows, table } from '../table.ts'
import { counted, moment } from '../words.ts'
import { type Page, person, type Section } from './page.ts'

const mostAgents = 60

/** Which agents there are, whose they are, and which nobody seems to need. */
export function agents(page: Page): Section {
  const { figures, lists } = page
  const { agents: all, others, unusedAfterDays } = figures.agents
  const { shown, more } = firstRows(all, mostAgents)
  const unused = all.filter((agent) => agent.unused).length
  const left = all.filter(({ ownerLeft }) => ownerLeft.count > 0).length
  const rows = shown.map((agent) => [
    html`<bdi class="name">${agent.name}</bdi> ${agent.name === agent.id ? null : code(agent.id)}`,
    agent.owner === null ? html`<em>not known</em>` : person(page, agent.owner),
    agent.lastAsked === null ? html`<span class="zero">never</span>` : moment(agent.lastAsked),
    lists.link(`Asked by ${agent.name}`, agent.asked),
    marksOf(page, agent),
  ])
  const columns = [
    { label: 'Agent' },
    { label: 'Owner' },
    { label: 'Last asked' },
    { label: 'Asked in the period', numeric: true },
    { label: 'To look at' },
  ]
  const rest =
    others.count > 0
      ? html`<p class="note">${lists.link('Asked by other agents', others)} more entries are by agents after the first 1,000.</p>`
      : null
  return {
    id: 'agents',
    title: 'Agents',
    body: html`<p>${counted(all.length, 'agent')}. ${counted(unused, 'agent')} asked for nothing in the last ${unusedAfterDays} days of the period. Of
${counted(left, 'agent')} the directory said that the owner had left.</p>
${rows.length === 0 ? null : table('Agents, what needs a look first', columns, rows)}${more}${rest}`,
  }
}

function marksOf({ lists }: Page, { name, unused, ownerLeft, revoked }: AgentFigure): Html {
  const left = lists.link(`Asked by ${name} without an owner`, ownerLeft, 'owner left')
  const ended = revoked && lists.link(`The end of ${name}`, { count: 1, first: [revoked] }, 'revoked')
  return html`${ownerLeft.count > 0 ? html`<span class="mark overdue">${left}</span> ` : null}${
    unused ? html`<span class="mark late">unused</span> ` : null
  }${ended ? html`<span class="mark">${ended}</span>` : null}`
}
