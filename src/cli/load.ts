import { loadByPerson } from '../approvals/loadByPerson.ts'
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
    const people = await loadByPerson(ports, since)
    if (people.length === 0) say('Nobody was asked anything in the last 30 days.')
    else say(`${'person'.padEnd(30)} ${'account'.padEnd(20)}    asked  decided   median  mentioned today`)
    for (const { account, name, asked, decided, medianSeconds, mentioned } of people) {
      const who = `${escapeHidden(name ?? '')
        .slice(0, 30)
        .padEnd(30)} ${account.padEnd(20)}`
      const took = medianSeconds === null ? '–' : formatDuration(medianSeconds)
      say(
        `${who} ${String(asked).padStart(8)} ${String(decided).padStart(8)} ${took.padStart(8)} ${String(mentioned).padStart(16)}`,
      )
    }
    const bound = ports.policy()?.brakes.mentionsPerDay
    if (bound !== undefined)
      say(`A person is mentioned at most ${bound} times in 24 hours, ${Math.floor(bound / 3)} by one agent.`)
    return 0
  })
}
