import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { revokeRequestCommand, showRequestCommand } from './requests.ts'

/** `countersign requests …` */
export function addRequestCommands(program: Command, guarded: Guard): void {
  const requests = program.command('requests').description('single requests')
  requests.command('show <id>').description('say how a request stands').action(guarded(showRequestCommand))
  requests
    .command('revoke <id>')
    .description('take back what was approved and is not redeemed yet')
    .requiredOption('--reason <text>', 'why, for the record')
    .action(guarded(revokeRequestCommand))
}
