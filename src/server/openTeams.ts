import { commandJob } from '../approvals/job.ts'
import { createTeams, type Teams } from '../teams/app.ts'
import { fixOf, saysOf, startTeams } from '../teams/startTeams.ts'
import type { Parts } from './compose.ts'
import type { OpenBy } from './openSlack.ts'
import { StartFault } from './startFault.ts'
import type { TeamsParts } from './teamsParts.ts'

/**
 * Begins to hear Teams.
 *
 * @param by.isBeside whether another channel reaches people, too
 * @throws StartFault when Teams refuses us and waiting cannot change that; the reason of `signal`
 */
export async function openTeams(
  parts: Pick<Parts, 'ports' | 'ages'> & { readonly teams: TeamsParts },
  by: Pick<OpenBy, 'log' | 'signal'> & { readonly isBeside: boolean },
): Promise<Teams> {
  const { ports, ages, teams } = parts
  const { log, signal, isBeside } = by
  const { access, directory, channel, health, reach } = teams
  const connect = async () => {
    await teams.connect()
    const opened = createTeams({
      ...{ ports, log, access, directory, channel, ages, health },
      later: async (command) => void (await ports.store.commit({ entries: [], jobs: [commandJob(command)] })),
    })
    await opened.start()
    return opened
  }
  try {
    const started = await startTeams({ connect, health, log, isBeside, signal })
    const stopProbing = reach.watch(() => teams.connect())
    return { ...started, stop: () => started.stop().finally(stopProbing) }
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new StartFault({
      problem: `Teams did not accept us (${saysOf(cause)}).`,
      fix: [fixOf(cause), 'Run "countersign doctor" to see what is missing.'].filter(Boolean).join(' '),
      cause,
    })
  }
}
