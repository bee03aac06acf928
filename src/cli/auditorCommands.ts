import type { Command } from 'commander'
import {
  addAuditorCommand,
  listAuditorsCommand,
  revokeAuditorCommand,
  rotateAuditorCommand,
} from './auditors.ts'
import type { Guard } from './guard.ts'

const days = ['--days <days>', 'how long it works, at most 90', '30'] as const

/** Who may read the ledger over HTTP: keys of people whom the policy names as auditors. */
export function addAuditorCommands(program: Command, guarded: Guard): void {
  const auditors = program
    .command('auditors')
    .description('keys of auditors: each reads the ledger of a server for one person, and does nothing else')
  auditors
    .command('add')
    .description('make a key and print it, once; it works when its person has confirmed it')
    .requiredOption(
      '--person <person>',
      'who reads: an e-mail address or slack:<user id>; named under "auditors" in the policy',
    )
    .option(...days)
    .action(guarded(addAuditorCommand))
  auditors
    .command('list')
    .description('list keys, newest first')
    .option('--before <id>', 'those before this one')
    .action(guarded(listAuditorsCommand))
  auditors
    .command('rotate <id>')
    .description(
      'make another key for the person of this one, which ends when they have confirmed the new one',
    )
    .option(...days)
    .action(guarded(rotateAuditorCommand))
  auditors.command('revoke <id>').description('end a key at once').action(guarded(revokeAuditorCommand))
}
