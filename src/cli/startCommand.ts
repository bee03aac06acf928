import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { start } from './start.ts'

/** `countersign start` */
export function addStartCommand(program: Command, guarded: Guard): void {
  program.command('start').description('start the server: API, Slack, Teams, jobs').action(guarded(start))
}
