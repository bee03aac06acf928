import { type Confirmation, unanswered } from '../core/confirmation.ts'
import { type Config, isSandbox } from '../server/config.ts'
import { say } from './say.ts'

/** Whom a command waits for, and in the sandbox how to answer as them. */
export function sayAsked(confirmation: Confirmation, config: Pick<Config, 'slack' | 'teams'>): void {
  say(askedText(confirmation))
  if (isSandbox(config))
    say(
      'In the sandbox, become them at the bottom left, and open Countersign under “Apps”, there “Messages”.',
    )
}

/** Nothing is claimed to have happened that has not. */
export function askedText(confirmation: Confirmation): string {
  const names = unanswered(confirmation).map(({ name }) => name)
  const have = names.length === 1 ? 'has' : 'have all'
  const until = `${confirmation.until.slice(0, 16).replace('T', ' ')} UTC`
  return `It gives nothing until ${names.join(' and ')} ${have} confirmed it, in a direct message of Countersign's, by ${until} (${confirmation.id}).`
}
