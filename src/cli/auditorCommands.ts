import type { Command } from 'commander'
import {
  addAuditorCommand,
  listAuditorsCommand,
  revokeAuditorCommand,
  rotateAuditorCommand,
} from './auditors.ts'
import type { Guard } from './guard.ts'

const key = ['<id>', 'the id of a key, adk_…, as "countersign auditors list" prints it'] as const
const days = ['--days <days>', 'how long it works, at most 90', '30'] as const

/** Who may read the ledger over HTTP: keys of people whom the policy names as auditors. */
export function addAuditorCommands(program: Command, guarded: Guard): void {
  const auditors = program
    .command('auditors')
    .description('keys of auditors: each reads the ledger of a server for one person, and does nothing else')
    .addHelpText(
      'after',
      `
An auditor is a person whom the policy names under "auditors" in bundle.yaml. With their key in COUNTERSIGN_AUDITOR_KEY
they run "countersign audit verify --server URL" from a machine of their own, without any right on the database.
docs/audit.md, "Auditors", has the rest.`,
    )
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
    .description('list keys, newest first: whose, until when, and whether they are used')
    .option('--before <id>', 'the last key of the page before; there are fifty on a page')
    .action(guarded(listAuditorsCommand))
  auditors
    .command('rotate')
    .argument(...key)
    .description(
      'make another key for the person of this one, which ends when they have confirmed the new one',
    )
    .option(...days)
    .action(guarded(rotateAuditorCommand))
  auditors
    .command('revoke')
    .argument(...key)
    .description('end a key at once; its person can make none themselves')
    .action(guarded(revokeAuditorCommand))
}
