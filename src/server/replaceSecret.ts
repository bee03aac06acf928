import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { newEntry } from '../approvals/newEntry.ts'
import { onlyClaimed, saidBy } from '../approvals/people/word.ts'
import { randomIds } from '../approvals/randomIds.ts'
import type { Shell } from '../core/confirmation.ts'
import type { NewEntry } from '../ledger/entry.ts'
import { plainUrl } from '../store/databaseUrl.ts'
import { startEmbedded } from '../store/embedded.ts'
import { prepareDatabase } from '../store/prepareDatabase.ts'
import { type AboutToRotate, type DerivedKey, type Rotation, rotateSecret } from '../store/rotateSecret.ts'
import {
  type InstallationSecret,
  installationSecret,
  nextSecret,
  secretForm,
  secretOf,
  takeNext,
} from '../store/secretFile.ts'
import { syncDirectory } from '../store/syncDirectory.ts'
import { asCommand, webhookSecret } from './compose.ts'
import type { Config } from './config.ts'
import { openDataDirectory } from './dataDirectory.ts'
import type { Opening } from './openDatabase.ts'
import { callbackSecret } from './outgoing.ts'
import { StartFault } from './startFault.ts'

export interface ReplacingSecret {
  /** A file with the new secret; null: one is made in the data directory. */
  readonly newSecretFile: string | null
  /** A file that is made, for what agents sign with from now on; null where there are no agents. */
  readonly agentSecrets: string | null
  readonly shell: Shell
}

export interface Replaced {
  /** Null when an earlier run had done it and was interrupted afterwards. */
  readonly rotation: (Rotation & { readonly agents: readonly string[] }) | null
  /** Where servers find the new one. */
  readonly where: 'data directory' | 'environment'
}

/**
 * Puts another secret in the place of the installation's. The new one is on disk before the database has it, so an interrupted run is
 * finished by running it again.
 *
 * @throws StartFault, StoreFault; nothing is changed then, or a second run says that it was done
 */
export function replaceSecret(config: Config, ask: ReplacingSecret): Promise<Replaced> {
  return asCommand(async (opening) => {
    openDataDirectory(config.dataDir)
    const from = installationSecret(config.dataDir, config.secret)
    const to = newSecret(config, ask)
    if (from.fingerprint === to.fingerprint)
      throw new StartFault({
        problem: 'The new secret is the one that is in use.',
        fix: 'If an earlier run has replaced it: start the servers. Otherwise make another one: openssl rand -base64 32 | tr "+/" "-_" | tr -d "="',
      })
    const agents = new Set<string>()
    const rotation = await rotateSecret(await addressOf(config, opening), {
      from,
      to,
      entry(found) {
        writeAgentSecrets(found.keys, to, ask.agentSecrets)
        for (const { agent } of found.keys) agents.add(agent)
        return entryOf(found, ask.shell)
      },
    })
    const isKept = ask.newSecretFile === null
    if (isKept) takeNext(config.dataDir)
    return {
      rotation: rotation && { ...rotation, agents: [...agents] },
      where: isKept ? 'data directory' : 'environment',
    }
  })
}

function newSecret(config: Config, { newSecretFile }: ReplacingSecret): InstallationSecret {
  if (newSecretFile !== null) return secretOf(secretIn(newSecretFile))
  if (config.secret === null) return nextSecret(config.dataDir)
  throw new StartFault({
    problem: 'The secret is given by COUNTERSIGN_SECRET, so the new one has to be given, too.',
    fix: 'Make one: openssl rand -base64 32 | tr "+/" "-_" | tr -d "=" > new-secret; then --new-secret-file new-secret',
  })
}

function secretIn(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new StartFault({
      problem: `${file} cannot be read.`,
      fix: 'Name the file that holds the new secret.',
      cause,
    })
  }
  if (secretForm.test(text)) return text
  throw new StartFault({
    problem: `${file} does not hold 43 characters or more of base64url, and nothing else.`,
    fix: 'Make one: openssl rand -base64 32 | tr "+/" "-_" | tr -d "="',
  })
}

/** As the role that owns the tables: the one that serves cannot change whose database it is. */
async function addressOf(config: Config, { log, closers, start }: Opening): Promise<string> {
  if (config.databaseUrl !== null) {
    const [databaseUrl, migrateUrl] = [config.databaseUrl, config.migrateUrl].map(
      (url) => url && plainUrl(url),
    )
    await prepareDatabase({ databaseUrl: databaseUrl ?? '', migrateUrl: migrateUrl ?? null }, { log, start })
    return migrateUrl ?? databaseUrl ?? ''
  }
  const { signal, begins } = start
  const database = await start.through('our own PostgreSQL', () =>
    startEmbedded({ dataDir: config.dataDir, log, beside: true, signal, begins }),
  )
  closers.add('our own PostgreSQL', database.stop, embeddedLimit)
  await prepareDatabase({ databaseUrl: database.url, migrateUrl: database.migrateUrl }, { log, start })
  return database.migrateUrl
}

/** Milliseconds; it writes everything first. */
const embeddedLimit = 25_000

function entryOf(found: AboutToRotate, shell: Shell): NewEntry {
  const { data, kept } = saidBy({ via: 'cli', shell }, onlyClaimed)
  const agents = new Set(found.keys.map(({ agent }) => agent))
  return newEntry(
    { ids: randomIds, clock: () => found.at, workspace: found.installation },
    {
      type: 'secret.rotated',
      actor: { kind: 'system', id: 'operator', via: 'cli' },
      subject: { kind: 'installation', id: found.installation },
      data: {
        ...data,
        sealed_again: found.again.length,
        stayed_closed: found.closed.map(({ purpose, row }) => `${purpose} ${row}`),
        dropped: found.dropped.map(({ purpose, row, why }) => `${purpose} ${row} ${why}`),
        agents: agents.size,
      },
      kept: { ...kept, agents: [...agents] },
    },
  )
}

/**
 * What agents sign with is derived from the secret, so it is another one from now on. It is in a file before anything is committed.
 *
 * @throws StartFault with the agents by name, when there is no file for them
 */
function writeAgentSecrets(keys: readonly DerivedKey[], to: InstallationSecret, file: string | null): void {
  if (keys.length === 0) return
  if (file === null) {
    const names = [...new Set(keys.map(({ agent }) => agent))].join(', ')
    throw new StartFault({
      problem: `These agents have webhook secrets that are derived from the secret, and change with it: ${names}. Nothing was changed. Their keys stay as they are.`,
      fix: 'Run it again with --agent-secrets FILE: the new ones are written there, and the file is readable by you alone.',
    })
  }
  const lines = keys.map(
    ({ agent, key }) => `${agent}\t${key}\t${webhookSecret(to, key)}\t${callbackSecret(to, key)}`,
  )
  const text = ['agent\tkey\tsigns_calls\tsigns_callbacks', ...lines, ''].join('\n')
  const isThere = existsSync(file) && readFileSync(file, 'utf8') === text // of a run that was interrupted
  try {
    if (!isThere) writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true })
    syncDirectory(dirname(file))
  } catch (cause) {
    throw new StartFault({
      problem: `${file} cannot be made, or is there already. Nothing was changed.`,
      fix: 'Name a file that does not exist yet, in a directory of yours.',
      cause,
    })
  }
}
