import { type Loads, loadByPerson } from '../approvals/loadByPerson.ts'
import { boundText, unknownText } from '../card/load.ts'
import { formatDuration } from '../core/duration.ts'
import { escapeHidden } from '../core/visible.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { say } from './say.ts'

const days = 30

/** Who is asked how much: the last 30 days, and how often each was mentioned in the last 24 hours. */
export function loadCommand(): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const since = new Date(ports.clock().getTime() - days * 86_400_000).toISOString()
    say(loadText(await loadByPerson(ports, since)))
    const bound = ports.policy()?.brakes.mentionsPerDay
    if (bound !== undefined) say(boundText(bound))
    return 0
  })
}

const columns = ['asked', 'decided', 'median', 'mentioned today'] as const

export function loadText({ people, unknown }: Loads): string {
  if (people.length + unknown.length === 0) return 'Nobody was asked anything in the last 30 days.'
  const lines = people.map(({ account, name, asked, decided, medianSeconds, mentioned }) => {
    const took = medianSeconds === null ? '–' : formatDuration(medianSeconds)
    return line(name ?? '', account, [asked, decided, took, mentioned])
  })
  const missing = unknown.length > 0 ? [`${unknownText(unknown)} Run it again in a minute.`] : []
  return [line('person', 'account', columns), ...lines, ...missing].join('\n')
}

function line(name: string, account: string, cells: readonly (string | number)[]): string {
  const shown = [escapeHidden(name).slice(0, 30).padEnd(30), account.padEnd(24)]
  const numbers = cells.map((cell, nth) => String(cell).padStart(Math.max(8, columns[nth]?.length ?? 0)))
  return [...shown, ...numbers].join(' ')
}
