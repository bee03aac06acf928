import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { readConfig } from '../server/config.ts'
import { type ResumeOptions, resumeAfterRestore, type Terminal } from '../server/resumeAfterRestore.ts'
import { StartFault } from '../server/startFault.ts'
import type { Guard } from './guard.ts'
import { person } from './person.ts'
import { paint, say } from './say.ts'

export function addLedgerCommands(program: Command, guarded: Guard): void {
  program
    .command('ledger')
    .description('what is decided about the ledger as a whole; "countersign audit" reads it')
    .command('resume-after-restore')
    .description(
      'go on from a database that is older than an anchor, when two people agree; the ledger shows the gap for ever',
    )
    .requiredOption('--by <person>', `who runs this command ${person}; a code is sent to them`)
    .requiredOption(
      '--second <person>',
      `who decides it, another person ${person}; a code is sent to them, too`,
    )
    .requiredOption('--reason <text>', 'why, for the one who decides and for the record')
    .addHelpText(
      'after',
      `
For a database that was restored from a backup: the servers on it have to be stopped. Both people get a code in a direct
message, and both codes are typed here. The ledger goes on under its next name, and from then on
"countersign audit verify" names what was lost. docs/operations.md, "A restored backup", goes through it.`,
    )
    .action(guarded(resumeCommand))
}

/** The server does not run then; both codes are typed here. */
async function resumeCommand(options: ResumeOptions): Promise<number> {
  const terminal = lines()
  try {
    const { origin, before, index } = await resumeAfterRestore(readConfig(), options, terminal)
    say(
      `${paint('green', '✓')} The ledger goes on as ${paint('bold', origin)}; entry ${index} says why, and what was lost of ${before}.`,
    )
    say('Start the server. Witnesses and auditors have to be told the new name: countersign audit key.')
    return 0
  } finally {
    terminal.close()
  }
}

/** Lines of standard input, one for each question. */
function lines(): Terminal & { readonly close: () => void } {
  const reader = createInterface({ input: process.stdin })
  const incoming = reader[Symbol.asyncIterator]()
  return {
    say,
    ask: async (question) => {
      process.stdout.write(question)
      const { value, done } = await incoming.next()
      if (done)
        throw new StartFault({
          problem: 'The input ended before both codes were typed, so nothing was changed.',
          fix: 'Run it in a terminal.',
        })
      return value
    },
    close: () => reader.close(),
  }
}
