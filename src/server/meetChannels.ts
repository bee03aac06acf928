import { keepTrying, type Patience } from '../lifetime/keepTrying.ts'
import type { Start } from '../lifetime/start.ts'
import { mayPass, saysOf } from '../slack/startSlack.ts'
import * as teams from '../teams/startTeams.ts'
import { StartFault } from './startFault.ts'

/** Somebody waits for a command: it tries a few times, and then says so. */
const patienceOfCommands = { firstWaitMs: 250, longestWaitMs: 1_000, tries: 4 } as const

interface Met {
  readonly slack: {
    connectSlack(): Promise<unknown>
    readonly others: readonly { connect(): Promise<unknown> }[]
  } | null
  readonly teams: { connect(): Promise<unknown> } | null
}

/** @throws StartFault when the first channel does not say who we are */
export async function meetChannels({ slack, teams }: Met, start: Start): Promise<void> {
  if (slack) await meetSlack(slack, start)
  else if (teams) await meetTeams(teams, start)
  // Who is asked about is in one of them: whoever asks there hears that it has not answered.
  if (slack)
    await Promise.allSettled([...slack.others, ...(teams ? [teams] : [])].map((one) => one.connect()))
}

async function meetSlack(slack: NonNullable<Met['slack']>, start: Start): Promise<void> {
  await met(start, 'Slack', { attempt: () => slack.connectSlack(), mayPass }, (cause) => ({
    problem: `Slack did not say who we are (${saysOf(cause)}).`,
    fix: mayPass(cause) ? again : 'Run "countersign doctor" to see what is missing.',
  }))
}

async function meetTeams(parts: NonNullable<Met['teams']>, start: Start): Promise<void> {
  await met(start, 'Teams', { attempt: () => parts.connect(), mayPass: teams.mayPass }, (cause) => ({
    problem: `Teams did not say who we are (${teams.saysOf(cause)}).`,
    fix: teams.mayPass(cause) ? again : teams.fixOf(cause),
  }))
}

const again = 'Try again in a minute; "countersign doctor" checks what is needed.'

async function met(
  { phase, signal }: Start,
  name: string,
  trying: { readonly attempt: () => Promise<unknown> } & Required<Pick<Patience, 'mayPass'>>,
  says: (cause: unknown) => { readonly problem: string; readonly fix: string },
): Promise<void> {
  const { attempt, mayPass } = trying
  const patience = { ...patienceOfCommands, mayPass, signal }
  await phase(name, () => keepTrying(attempt, patience)).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new StartFault({ ...says(cause), cause })
  })
}
