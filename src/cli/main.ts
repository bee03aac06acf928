#!/usr/bin/env node
import { Command, Option } from 'commander'
import { packageVersion } from '../server/package.ts'
import { ToldToStop } from '../server/toldToStop.ts'
import {
  addCommand,
  confirmCommand,
  handOverCommand,
  limitCommand,
  listCommand,
  revokeCommand,
  rotateCommand,
  tagCommand,
} from './agents.ts'
import { addAuditCommands } from './auditCommands.ts'
import { addAuditorCommands } from './auditorCommands.ts'
import { doctor } from './doctor.ts'
import {
  importSigningKeyCommand,
  listSigningKeysCommand,
  retireSigningKeyCommand,
  rotateSigningKeyCommand,
} from './keys.ts'
import { addLeaseCommands } from './leaseCommands.ts'
import { addLedgerCommands } from './ledger.ts'
import { migrateCommand } from './migrate.ts'
import { addKeyCommand, listKeysCommand, revokeKeyCommand } from './operators.ts'
import { linkCommand, unlinkCommand } from './people.ts'
import { addPolicyCommands } from './policy/commands.ts'
import type { Printed } from './policy/printed.ts'
import { revokeRequestCommand, showRequestCommand } from './requests.ts'
import {
  addResourceCommand,
  listResourcesCommand,
  revokeResourceCommand,
  rotateResourceCommand,
} from './resources.ts'
import { sayFailure } from './say.ts'
import { addSecretCommands } from './secret.ts'
import { start } from './start.ts'
import { resumeCommand, stopCommand, stopsCommand, type Why } from './stops.ts'
import { addWebhookCommands } from './webhookCommands.ts'

/** Milliseconds in which a process that is done ends by itself. */
const graceMs = 500

const program = new Command('countersign')
  .description("A human's second signature on the privileged actions of AI agents, in Slack.")
  .version(packageVersion(), '-V, --version', 'print the version')
  .addHelpText(
    'after',
    `
Without Slack keys in the environment or .env, everything runs in the sandbox: a local Slack in the browser.
  countersign start                                     start the server
  countersign agents add nightly --owner lee@acme.test  register an agent; prints its key once
  countersign doctor                                    check the whole configuration
  countersign policy --help                             check, test, explain, compare and activate policies

Exit codes: 0 done, 1 refused or failed (the reason and the fix are printed), 2 a simulation found something loosened, or the
ledger does not verify,
130 or 143 told to stop before it was done.`,
  )

program.command('start').description('start the server: API, Slack, jobs').action(guarded(start))
program
  .command('doctor')
  .description(
    'check configuration, database, policy, Slack token, scopes, channels and groups; say what to fix',
  )
  .action(guarded(doctor))

program
  .command('migrate')
  .description(
    'bring the database to this version and end; with MIGRATE_DATABASE_URL, let the role in DATABASE_URL serve',
  )
  .action(guarded(migrateCommand))

const why = 'why; agents, people and the ledger are told'
const person = '(an e-mail address or a Slack user id)'
const agents = program.command('agents').description('register agents and manage their keys')
agents
  .command('add <name>')
  .description('register an agent and print its key, once; it works when its owner has confirmed it')
  .requiredOption(
    '--owner <person>',
    `who answers for the agent ${person}; they can never approve what it asks for`,
  )
  .addOption(byOption())
  .action(guarded(addCommand))
agents.command('list').description('list all agents').action(guarded(listCommand))
agents
  .command('rotate <name>')
  .description('give an agent a new key and revoke its old ones at once')
  .addOption(byOption())
  .action(guarded(rotateCommand))
agents
  .command('hand-over <name>')
  .description(
    'make somebody else the owner of an agent, such as when its owner has left; it happens when both have confirmed it, and one who has left is not asked; both stay behind what waits now',
  )
  .requiredOption('--to <person>', `who answers for the agent from now on ${person}`)
  .requiredOption('--by <person>', `who runs this command ${person}`)
  .action(guarded(handOverCommand))
agents
  .command('limit <name>')
  .description(
    'set how much an agent may do on each server; less acts at once, more needs a key of its owner in COUNTERSIGN_OPERATOR_KEY',
  )
  .option('--rate <count>', 'new requests a second; of what asks nobody five times as many')
  .option('--burst <count>', 'new requests at once, after a pause')
  .option('--waiting <count>', 'calls that wait at the same time')
  .option('--default', 'what every agent may')
  .addOption(byOption())
  .action(guarded(limitCommand))
agents
  .command('tag <name> [tags...]')
  .description(
    'set the tags of an agent, all of them: what rules read as agent.tags; needs a key of its owner in COUNTERSIGN_OPERATOR_KEY',
  )
  .option('--none', 'no tags')
  .addOption(byOption())
  .action(guarded(tagCommand))
agents
  .command('confirm <name>')
  .description('ask everybody again who has to confirm an agent, its key or that it is handed over')
  .action(guarded(confirmCommand))
agents
  .command('revoke <name>')
  .description('revoke an agent and its keys at once; what it asked for and still waits is cancelled')
  .addOption(byOption())
  .action(guarded(revokeCommand))

const people = program.command('people').description('identities')
people
  .command('link <account> <other>')
  .description(
    'say that two accounts belong to one human, so that neither can approve what the other is behind; both are asked to confirm it',
  )
  .action(guarded(linkCommand))
people
  .command('unlink <account>')
  .description(
    'ask that an account be parted from the person it was joined to; others than that person and you decide',
  )
  .requiredOption('--by <person>', `who asks for it ${person}; they can never approve it`)
  .option('--reason <text>', 'why, for the people who decide')
  .action(guarded(unlinkCommand))

const stop = program
  .command('stop')
  .description(
    'stop an agent, actions or everything, at once and at every replica; needs nothing but the database, and people resume it',
  )
stop
  .command('agent <name>')
  .description('nothing that this agent asks is allowed, approved, granted or redeemed')
  .requiredOption('--reason <text>', why)
  .action(guarded((name: string, options: Why) => stopCommand({ kind: 'agent', agent: name }, options)))
stop
  .command('action <pattern>')
  .description('no action that fits is; * stands for anything, as in rules: db.*')
  .requiredOption('--reason <text>', why)
  .action(guarded((pattern: string, options: Why) => stopCommand({ kind: 'action', pattern }, options)))
stop
  .command('everything')
  .description('nothing that any agent asks is; changing the policy and resuming still work')
  .requiredOption('--reason <text>', why)
  .action(guarded((options: Why) => stopCommand({ kind: 'everything' }, options)))
program
  .command('stops')
  .description('list what is stopped, and what was; newest first')
  .option('--before <id>', 'what was stopped before this one')
  .action(guarded(stopsCommand))
program
  .command('resume <id>')
  .description('ask that a stop hold no longer; somebody else decides, by the policy (stop.resume)')
  .requiredOption('--by <person>', `who asks for it ${person}; they can never approve it`)
  .requiredOption('--reason <text>', 'why, for the people who decide')
  .action(guarded(resumeCommand))

const operatorKeys = program
  .command('operators')
  .description('who runs commands')
  .command('keys')
  .description('keys for scripts: each acts as one person, for that person’s own agents and their keys only')
operatorKeys
  .command('add')
  .description('make a key and print it, once; it works when its person has confirmed it')
  .requiredOption('--person <person>', `whom the key acts as ${person}`)
  .option('--days <days>', 'how long it works, at most 90', '30')
  .action(guarded(addKeyCommand))
operatorKeys.command('list').description('list all keys').action(guarded(listKeysCommand))
operatorKeys.command('revoke <id>').description('end a key at once').action(guarded(revokeKeyCommand))

const signingKeys = program.command('keys').description('keys that grants are signed with')
signingKeys
  .command('list')
  .description('list all keys and how they stand')
  .action(guarded(listSigningKeysCommand))
signingKeys
  .command('rotate')
  .description(
    'let the next key sign from now on, when it has been published for a day; what was signed stays good',
  )
  .option('--now', 'although verifiers may not know it yet; needs --reason')
  .option('--reason <text>', 'why that cannot wait, for the record')
  .action(guarded(rotateSigningKeyCommand))
signingKeys
  .command('import <file>')
  .description(
    'make a key of yours the next one, which is published and signs when it has been for a day: RSA of 2048 bits or more, as PKCS#8 PEM or JWK',
  )
  .option('--activate', 'let it sign at once, although verifiers may not know it yet; needs --reason')
  .option('--reason <text>', 'why that cannot wait, for the record')
  .action(guarded(importSigningKeyCommand))
signingKeys
  .command('retire <kid>')
  .description('end a key at once, such as one that has leaked: what it signed is not believed any more')
  .requiredOption('--reason <text>', 'why, for the record')
  .action(guarded(retireSigningKeyCommand))

addSecretCommands(program, guarded)

const requests = program.command('requests').description('single requests')
requests.command('show <id>').description('say how a request stands').action(guarded(showRequestCommand))
requests
  .command('revoke <id>')
  .description('take back what was approved and is not redeemed yet')
  .requiredOption('--reason <text>', 'why, for the record')
  .action(guarded(revokeRequestCommand))

const resources = program
  .command('resources')
  .description('what redeems grants because it is about to act: services and proxies, each for one audience')
resources
  .command('add <name>')
  .description(
    'register a resource and print its key, once; it redeems grants of its audience and nothing else',
  )
  .requiredOption('--audience <uri>', 'whose grants it redeems: the `aud` of their tokens')
  .action(guarded(addResourceCommand))
resources
  .command('list')
  .description('list resources by name, a page at a time')
  .option('--limit <count>', 'how many at a time, at most 1000', '100')
  .option('--after <name>', 'the last name of the page before')
  .action(guarded(listResourcesCommand))
resources
  .command('rotate <name>')
  .description('give a resource a new key; the one before works for 24 hours more')
  .option('--now', 'the one before ends at once')
  .action(guarded(rotateResourceCommand))
resources
  .command('revoke <name>')
  .description('end a resource and its key at once')
  .action(guarded(revokeResourceCommand))

addWebhookCommands(program, guarded)
addLeaseCommands(program, guarded)
addAuditCommands(program, guarded)
addAuditorCommands(program, guarded)
addLedgerCommands(program, guarded)
addPolicyCommands(program, printing)

await program.parseAsync()

/** Whoever makes a key is behind what is asked for with it. */
function byOption(): Option {
  return new Option('--by <person>', `who runs this command ${person}; default: the agent's owner`)
}

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
    setTimeout(() => process.exit(), graceMs).unref()
  }
}
