import type { Command } from 'commander'
import { anchorsCommand } from './anchors.ts'
import { checkpointCommand, keyCommand, proofCommand, requestCommand, verifyCommand } from './audit.ts'
import { eraseCommand } from './auditErase.ts'
import { addExportCommand } from './auditExport.ts'
import { addReportCommand } from './auditReport.ts'
import type { Guard } from './guard.ts'

const helpOfAudit = `
An entry is one line of the record, with its number from 0 on. The tree is a hash over all entries. A checkpoint is its
signed head: whoever has kept one can tell later whether the entries from then are still the same.
  countersign audit checkpoint > checkpoint.txt           keep it where nobody who has the database can change it
  countersign audit key > key.txt                         the same, once: who may sign checkpoints
  countersign audit verify --checkpoint checkpoint.txt --key "$(cat key.txt)"
                                                          later: is everything still as it was sealed?
  countersign audit export --from 2026-10-01 --to 2026-12-31 --out evidence.tar.gz
                                                          the evidence of a period, in one file

All but erase only read: the database of DATABASE_URL, or of the server that runs on this data directory.
docs/audit.md goes through it step by step.`

const helpOfVerify = `
Without --server and --pack it reads the database of DATABASE_URL, or of the server that runs on this data directory.
It says that everything is as it was sealed, or the first thing that is not: what was expected, and what stands there.
  countersign audit verify --checkpoint january.txt --checkpoint june.txt --key "$(cat key.txt)"
  countersign audit verify --server https://countersign.acme.com --checkpoint january.txt
  countersign audit verify --pack evidence.tar.gz --checkpoint june.txt

Exit codes: 0 everything is as it was sealed; 2 something is not, or a checkpoint is of what was lost in a gap that was
not accepted; 1 it could not be verified.`

const helpOfRequest = `
Each line: its number in the ledger ("waits" for the second that sealing takes), the id of the entry, its time, what
happened, and who did it. "countersign audit proof" with the id of an entry shows that it stands in the ledger.`

const helpOfProof = `
ENTRY.json is the entry, ENTRY.tlog-proof what shows that it stands in the tree of the newest checkpoint.
docs/audit.md, "Follow one request by hand", verifies both with Python and openssl.`

const helpOfErase = `
Nothing goes before somebody else has agreed: whoever gives the command confirms it, and then it is asked like any
other action. Entries stay, with who decided what and when. docs/audit.md, "Erasing", says what goes, and what it cannot
reach.`

/** For whoever verifies the record: all but `erase` only read, and the right to read the tables is enough for them. */
export function addAuditCommands(program: Command, guarded: Guard): void {
  const audit = program
    .command('audit')
    .description('verify the record of everything that was decided, without having to believe it')
    .addHelpText('after', helpOfAudit)
  addVerify(audit, guarded)
  audit
    .command('anchors')
    .description(
      'list the anchors, which are places outside the database where the server puts checkpoints: what each took last, what it has, and whether the ledger goes on from it',
    )
    .action(guarded(anchorsCommand))
  audit
    .command('checkpoint')
    .description(
      'print the newest checkpoint, the signed text that stands for every entry so far; keep it where nobody who has the database can change it',
    )
    .action(guarded(checkpointCommand))
  addRequest(audit, guarded)
  audit
    .command('proof')
    .argument('<entry>', 'its id, ent_…, as "countersign audit request" prints it')
    .description(
      'write an entry as it stands in the tree, and the proof that it does: verified with any tool for c2sp.org/tlog-proof, or by hand',
    )
    .option('--to <directory>', 'where the two files go', '.')
    .addHelpText('after', helpOfProof)
    .action(guarded(proofCommand))
  addErase(audit, guarded)
  audit
    .command('key')
    .description(
      "print the ledger's verifier key, which is public: by it anybody can tell who signed a checkpoint. Keep it with them",
    )
    .action(guarded(keyCommand))
  addExportCommand(audit, guarded)
  addReportCommand(audit, guarded)
}

function addVerify(audit: Command, guarded: Guard): void {
  audit
    .command('verify')
    .description(
      'read every entry, compute the tree over them again, and compare it with everything that is kept of it',
    )
    .option(
      '--checkpoint <file>',
      'a checkpoint that was kept elsewhere; can be given several times',
      collected,
    )
    .option('--anchors', 'compare with every checkpoint of every anchor that can be read, too')
    .option(
      '--accept-gap <index>',
      'what was lost in the gap at this index is known; can be given several times. Without it, a checkpoint of what was lost is a finding',
      collected,
    )
    .option('--key <key>', 'the verifier key that was kept elsewhere: what "countersign audit key" printed')
    .option(
      '--server <url>',
      'verify what a running server gives, with the key in COUNTERSIGN_AUDITOR_KEY, and no database',
    )
    .option('--pack <file>', 'verify an evidence pack: neither a server nor a database is needed')
    .addHelpText('after', helpOfVerify)
    .action(guarded(verifyCommand))
}

/** Of an option that can be given several times. */
function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function addRequest(audit: Command, guarded: Guard): void {
  audit
    .command('request')
    .argument('<id>', 'the id of a request, req_…, as its card, the API and "/approvals show" give it')
    .description(
      'print what is recorded about a request: the index, id, time and type of each entry, and who acted',
    )
    .option('--seen', 'below each decision, what its person was shown')
    .addHelpText('after', helpOfRequest)
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
      'who this person is and what they said, wherever it stands (an id of the ledger, an e-mail address, or a user id of Slack or of Entra)',
    )
    .requiredOption(
      '--by <person>',
      'who asks for it (an e-mail address, or a user id of Slack or of Entra); they can never approve it',
    )
    .requiredOption('--reason <text>', 'why, for the people who decide and for the record; name nobody in it')
    .option('--update-cards', 'draw the cards of a request again, without what was erased')
    .addHelpText('after', helpOfErase)
    .action(guarded(eraseCommand))
}
