import type { Command } from 'commander'
import { readConfig } from '../server/config.ts'
import { type Replaced, replaceSecret } from '../server/replaceSecret.ts'
import { thisShell } from '../server/shell.ts'
import type { Guard } from './guard.ts'
import { paint, say } from './say.ts'

interface Options {
  readonly newSecretFile?: string
  readonly agentSecrets?: string
}

/** `countersign secret …` */
export function addSecretCommands(program: Command, guarded: Guard): void {
  const secret = program
    .command('secret')
    .description(
      'the secret under which private keys, webhook secrets, tokens of Slack and lease tokens stand in the database',
    )
  secret
    .command('rotate')
    .description('replace COUNTERSIGN_SECRET, or the secret in the data directory, and seal everything again')
    .option('--new-secret-file <file>', 'the new secret; needed where COUNTERSIGN_SECRET is set')
    .option(
      '--agent-secrets <file>',
      'made, for you alone: what agents sign with from now on; needed where there are agents',
    )
    .addHelpText('after', teaches)
    .action(guarded(rotateSecretCommand))
}

const teaches = `
Give this command the secret of now as a server gets it: COUNTERSIGN_SECRET, or DATA_DIR with its secret. With two roles it needs
MIGRATE_DATABASE_URL, too. Both secrets are read from the environment and from files, never from the command line.

  1. openssl rand -base64 32 | tr "+/" "-_" | tr -d "=" > new-secret     (not for a secret in the data directory: one is made)
  2. Stop every server. While one is connected, this command changes nothing and says which.
  3. countersign secret rotate --new-secret-file new-secret --agent-secrets agent-secrets.tsv
  4. Set COUNTERSIGN_SECRET to what new-secret holds, everywhere, and start the servers.
  5. Give each agent that signs its calls, and whoever checks callbacks, the new secret from agent-secrets.tsv. Delete both files.

What is sealed is sealed again in one transaction: killed at any moment, all of it is under the one secret or all under the other.
Run it again to finish. Keys of agents, operators and resources stay as they are. What agents sign webhooks with is derived from the
secret and changes: those agents are named. Backups made before open only with the secret of before.`

async function rotateSecretCommand(options: Options): Promise<number> {
  const { newSecretFile = null, agentSecrets = null } = options
  const replaced = await replaceSecret(readConfig(), { newSecretFile, agentSecrets, shell: thisShell() })
  for (const line of linesOf(replaced, { newSecretFile, agentSecrets })) say(line)
  return 0
}

function linesOf(
  { rotation, where }: Replaced,
  files: { readonly newSecretFile: string | null; readonly agentSecrets: string | null },
): readonly string[] {
  const done = paint('green', '✓')
  const next =
    where === 'environment'
      ? `Now set COUNTERSIGN_SECRET to what ${files.newSecretFile} holds, on every server, and start them.`
      : 'The data directory has the new secret. Start the server.'
  if (!rotation)
    return [
      `${done} The database has the new secret already: an earlier run was interrupted after that.`,
      next,
    ]
  const { again, closed, dropped, agents } = rotation
  return [
    `${done} The secret is replaced; ${again.length} sealed ${again.length === 1 ? 'text is' : 'texts are'} under the new one.`,
    ...closed.map(
      ({ purpose, row }) =>
        `${paint('yellow', '!')} The ${purpose} of ${row} did not open under the secret of before either, and stays as it is.`,
    ),
    ...dropped.map(
      ({ row, why }) =>
        `${paint('yellow', '!')} The secret that ${row} had before its own ${why === 'over' ? 'was over' : 'did not open'}, and is gone; its own is sealed again.`,
    ),
    ...(agents.length > 0
      ? [
          `What these agents sign with is another one, and stands in ${files.agentSecrets}: ${agents.join(', ')}.`,
          'Until they have it, calls that they sign are refused (unauthenticated), and their callbacks do not verify. Calls with a key go on.',
        ]
      : []),
    next,
    'Backups made before open only with the secret of before.',
  ]
}
