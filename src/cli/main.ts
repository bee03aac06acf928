#!/usr/bin/env node
import { Command } from 'commander'
import { packageVersion } from '../server/package.ts'
import { ToldToStop } from '../server/toldToStop.ts'
import { endProcess } from './endProcess.ts'
import { groups } from './groups.ts'
import type { Printed } from './policy/printed.ts'
import { sayFailure } from './say.ts'

/** Milliseconds in which a process that is done ends by itself. */
const graceMs = 500

const program = new Command('countersign')
  .description("A human's second signature on the privileged actions of AI agents, in Slack and Teams.")
  .version(packageVersion(), '-V, --version', 'print the version')
  .addHelpText(
    'after',
    `
Without keys of Slack or Teams in the environment or .env, everything runs in the sandbox: a local Slack and Teams in the browser.
  countersign start                                     start the server
  countersign agents add nightly --owner lee@acme.test  register an agent; prints its key once
  countersign doctor                                    check the whole configuration
  countersign policy --help                             check, test, explain, compare and activate policies

Exit codes: 0 done, 1 refused or failed (the reason and the fix are printed), 2 a simulation found something loosened, or the
ledger does not verify,
130 or 143 told to stop before it was done.`,
  )

// What is not named is only listed: the code behind a command is loaded where it is used.
const words = new Set(process.argv.slice(2))
for (const { says, load } of groups) {
  const names = Object.keys(says)
  if (names.some((name) => words.has(name))) (await load())(program, { guarded, printing })
  else for (const name of names) program.command(name).description(says[name] ?? '')
}

await program.parseAsync()

/** What a policy command says goes to standard output, and its exit code is ours. */
function printing<A extends unknown[]>(
  command: (...args: A) => Printed | Promise<Printed>,
): (...args: A) => Promise<void> {
  return guarded(async (...args: A) => {
    const { text, exitCode } = await command(...args)
    process.stdout.write(text)
    return exitCode
  })
}

/** One exit for every failure: what is wrong and the fix, never a stack. */
function guarded<A extends unknown[]>(run: (...args: A) => Promise<number>): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      process.exitCode = await run(...args)
    } catch (error) {
      sayFailure(error)
      process.exitCode = error instanceof ToldToStop ? error.exitCode : 1
    }
    // What did not end in order would keep the process; it is said, and that is all we can do for it.
    setTimeout(endProcess, graceMs).unref()
  }
}
