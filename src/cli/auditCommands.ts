import type { Command } from 'commander'
import { anchorsCommand } from './anchors.ts'
import { checkpointCommand, keyCommand, proofCommand, requestCommand, verifyCommand } from './audit.ts'
import { eraseCommand } from './auditErase.ts'
import { addExportCommand } from './auditExport.ts'
import { addReportCommand } from './auditReport.ts'
import type { Guard } from './guard.ts'

const helpOfVerify = `
Without --server and --pack, the database is that of DATABASE_URL, or of the server that runs on this data directory. Says the first thing that is wrong: what was
expected, and what stands there.

Exit codes: 0 everything is as it was sealed, 2 something is not, or a checkpoint is of what was lost in a gap that was not accepted, 1 it could not be verified.`

/** For whoever verifies the record: all but `erase` only read, and the right to read the tables is enough for them. */
export function addAuditCommands(program: Command, guarded: Guard): void {
  const audit = program.command('audit').description('verify the ledger, without having to believe it')
  addVerify(audit, guarded)
  audit
    .command('anchors')
    .description(
      'list where checkpoints are put: what each anchor took last, what it has, and whether the ledger goes on from it',
    )
    .action(guarded(anchorsCommand))
  audit
    .command('checkpoint')
    .description('print the newest checkpoint; keep it where nobody who has the database can change it')
    .action(guarded(checkpointCommand))
  addRequest(audit, guarded)
  audit
    .command('proof <entry>')
    .description(
      'write an entry as it stands in the tree, and the proof that it does: verified with any tool for C2SP, or by hand',
    )
    .option('--to <directory>', 'where the two files go', '.')
    .action(guarded(proofCommand))
  addErase(audit, guarded)
  audit
    .command('key')
    .description("print the ledger's verifier key, by which anybody can verify its checkpoints")
    .action(guarded(keyCommand))
  addExportCommand(audit, guarded)
  addReportCommand(audit, guarded)
}

function addVerify(audit: Command, guarded: Guard): void {
  audit
    .command('verify')
    .description(
      'compute the whole tree again from the entries, and compare it with everything that is kept of it',
    )
    .option(
      '--checkpoint <file>',
      'a checkpoint that was kept elsewhere; can be given several times',
      (file: string, before: readonly string[]) => [...before, file],
      [],
    )
    .option('--anchors', 'compare with every checkpoint of every anchor that can be read, too')
    .option(
      '--accept-gap <index>',
      'what was lost in the gap at this index is known; can be given several times. Without it, a checkpoint of what was lost is a finding',
      (index: string, before: readonly string[]) => [...before, index],
      [],
    )
    .option('--key <key>', "the ledger's verifier key, as it was kept elsewhere")
    .option(
      '--server <url>',
      'verify what a running server gives, with the key in COUNTERSIGN_AUDITOR_KEY, and no database',
    )
    .option('--pack <file>', 'verify an evidence pack: neither a server nor a database is needed')
    .addHelpText('after', helpOfVerify)
    .action(guarded(verifyCommand))
}

function addRequest(audit: Command, guarded: Guard): void {
  audit
    .command('request <id>')
    .description(
      'print what is recorded about a request: the index, id, time and type of each entry, and who acted',
    )
    .option('--seen', 'below each decision, what its person was shown')
    .action(guarded(requestCommand))
}

function addErase(audit: Command, guarded: Guard): void {
  audit
    .command('erase')
    .description(
      'ask that a request, or what is known of a person, be erased for good; somebody else decides, by the policy (record.erase). The ledger can be verified as before',
    )
    .option('--request <id>', 'all that this request asked, and what was said about it; it must have ended')
    .option(
      '--person <person>',
      'who this person is and what they said, wherever it stands (an id of the ledger, an e-mail address or a Slack user id)',
    )
    .requiredOption(
      '--by <person>',
      'who asks for it (an e-mail address or a Slack user id); they can never approve it',
    )
    .requiredOption('--reason <text>', 'why, for the people who decide and for the record; name nobody in it')
    .option('--update-cards', 'draw the cards of a request again, without what was erased')
    .action(guarded(eraseCommand))
}
