import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { listOnCallCommand, unlinkOnCallCommand } from './onCall.ts'

/** `countersign oncall …` */
export function addOnCallCommands(program: Command, guarded: Guard): void {
  const onCall = program.command('oncall').description('who the users of an on-call service are here')
  onCall
    .command('list')
    .description('all who were found so far, and whose address there has changed since')
    .action(guarded(listOnCallCommand))
  onCall
    .command('unlink <user>')
    .description('take back who a user of the service is, such as pagerduty:PABC123; it is found anew')
    .action(guarded(unlinkOnCallCommand))
}
