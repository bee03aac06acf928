import { keepTrying } from '../lifetime/keepTrying.ts'
import type { Start } from '../lifetime/start.ts'
import { mayPass, saysOf } from '../slack/startSlack.ts'
import { StartFault } from './startFault.ts'

/** Somebody waits for a command: it tries a few times, and then says so. */
const patienceOfCommands = { firstWaitMs: 250, longestWaitMs: 1_000, tries: 4 } as const

/** @throws StartFault when Slack does not say who we are */
export async function meetSlack(
  parts: {
    connectSlack(): Promise<unknown>
    readonly others: readonly { connect(): Promise<unknown> }[]
  },
  { phase, signal }: Start,
): Promise<void> {
  const patience = { ...patienceOfCommands, mayPass, signal }
  await phase('Slack', () => keepTrying(() => parts.connectSlack(), patience)).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new StartFault({
      problem: `Slack did not say who we are (${saysOf(cause)}).`,
      fix: mayPass(cause)
        ? 'Try again in a minute; "countersign doctor" checks what is needed.'
        : 'Run "countersign doctor" to see what is missing.',
      cause,
    })
  })
  // Who is asked about is in one of them: whoever asks there hears that it has not answered.
  await Promise.allSettled(parts.others.map((other) => other.connect()))
}
