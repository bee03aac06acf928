import type { Command } from 'commander'
import { anchorsCommand } from './anchors.ts'
import { checkpointCommand, keyCommand, proofCommand, requestCommand, verifyCommand } from './audit.ts'

type Guard = <A extends unknown[]>(run: (...args: A) => Promise<number>) => (...args: A) => Promise<void>

/** For whoever verifies the record: what is read, nothing is changed, and the right to read the tables is enough. */
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
  audit
    .command('request <id>')
    .description(
      'print what is recorded about a request: the index, id, time and type of each entry, and who acted',
    )
    .action(guarded(requestCommand))
  audit
    .command('proof <entry>')
    .description(
      'write an entry as it stands in the tree, and the proof that it does: verified with any tool for C2SP, or by hand',
    )
    .option('--to <directory>', 'where the two files go', '.')
    .action(guarded(proofCommand))
  audit
    .command('key')
    .description("print the ledger's verifier key, by which anybody can verify its checkpoints")
    .action(guarded(keyCommand))
}

function addVerify(audit: Command, guarded: Guard): void {
  audit
    .command('verify')
    .description(
      'compute the whole tree again from the entries in the database, and compare it with everything that is kept of it',
    )
    .option(
      '--checkpoint <file>',
      'a checkpoint that was kept elsewhere; can be given several times',
      (file: string, before: readonly string[]) => [...before, file],
      [],
    )
    .option('--anchors', 'compare with the newest checkpoint of every anchor that can be read, too')
    .option('--key <key>', "the ledger's verifier key, as it was kept elsewhere")
    .addHelpText(
      'after',
      `
The database is that of DATABASE_URL, or of the server that runs on this data directory. Says the first thing that is wrong: what was
expected, and what stands there.

Exit codes: 0 everything is as it was sealed, 2 something is not, 1 it could not be verified.`,
    )
    .action(guarded(verifyCommand))
}
