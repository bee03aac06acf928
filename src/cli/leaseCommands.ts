import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { endLeaseCommand, listLeasesCommand } from './leases.ts'

/** For the operator: which credentials are out at targets, and ending one by hand. */
export function addLeaseCommands(program: Command, guarded: Guard): void {
  const leases = program.command('leases').description('credentials that were issued for approved actions')
  leases
    .command('list')
    .description('list what is out, newest first')
    .option('--all', 'also what has ended')
    .option('--request <id>', 'of one request only')
    .option('--limit <count>', 'how many lines', '50')
    .option('--before <id>', 'those before this one')
    .action(guarded(listLeasesCommand))
  leases
    .command('end <id>')
    .description('end a credential at once, where its target can take it back')
    .option('--gone', 'the target itself does not exist any more: it is not asked')
    .action(guarded(endLeaseCommand))
}
