import { resolve } from 'node:path'
import type { Logger } from 'pino'
import { typeid } from 'typeid-js'
import { rememberDelegations } from '../approvals/delegations/remember.ts'
import type { Anchor } from '../approvals/ledger/anchors/anchor.ts'
import { tellPeople } from '../approvals/news/tellPeople.ts'
import { rememberRegistry } from '../approvals/people/registry.ts'
import { type ActivePolicy, followPolicy } from '../approvals/policy/activePolicy.ts'
import type { Directory, Ports, Store } from '../approvals/ports.ts'
import { randomIds } from '../approvals/randomIds.ts'
import { keptTogether } from '../approvals/sets/keptTogether.ts'
import { rememberStops } from '../approvals/stops/remember.ts'
import type { Outgoing } from '../approvals/webhooks/outgoing.ts'
import { type AgeClock, createAgeClock } from '../lifetime/ageClock.ts'
import { createClosers } from '../lifetime/closers.ts'
import { untilAborted } from '../lifetime/keepTrying.ts'
import { createStart } from '../lifetime/start.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { plainUrl } from '../store/databaseUrl.ts'
import { holdsDatabase } from '../store/embedded/place.ts'
import type { Embedded } from '../store/embedded.ts'
import type { OpenStore } from '../store/open.ts'
import { prepareDatabase } from '../store/prepareDatabase.ts'
import { type InstallationSecret, installationSecret } from '../store/secretFile.ts'
import { startFaultOf } from '../store/startFaults.ts'
import { anchorsOf } from './anchorsOf.ts'
import { type ChannelAccess, type ChannelParts, channelAccessOf, channelParts } from './channelParts.ts'
import { type Config, isSandbox } from './config.ts'
import { targetsOf } from './credentialTargets.ts'
import { openDataDirectory } from './dataDirectory.ts'
import { type GrantSigning, grantSigning } from './grantSigning.ts'
import { createHealth, type HealthRecord } from './health.ts'
import { createHold, type Hold } from './heldStore.ts'
import { identityProvidersOf } from './identityProviders.ts'
import { originOf } from './listening.ts'
import { createLog } from './log.ts'
import { meetChannels } from './meetChannels.ts'
import { onCallOf } from './onCall.ts'
import { type DatabaseOptions, type Opening, openDatabase } from './openDatabase.ts'
import { outgoingOf } from './outgoing.ts'
import type { PolicyAhead } from './policyAhead.ts'
import { readRunning } from './running.ts'
import { type SandboxWarehouse, sandboxWarehouse } from './sandboxWarehouse.ts'
import { StartFault } from './startFault.ts'
import { statementsOf } from './statements.ts'
import { untilToldToStop } from './toldToStop.ts'

/** What the server and the command line share: a store, a directory of people, and the ports over them. */
export interface Parts extends Pick<ChannelParts, 'slack' | 'teams'> {
  readonly ports: Ports
  readonly store: OpenStore
  readonly secret: InstallationSecret
  readonly signing: GrantSigning
  readonly database: Embedded | null
  /** What the sandbox has to give credentials for. */
  readonly warehouse: SandboxWarehouse | null
  /** What is wrong with this process now. */
  readonly health: HealthRecord
  /** Stops all writing of this process, when its ledger is older than what left the house. */
  readonly hold: Hold
  /** Where checkpoints of the ledger are put. */
  readonly anchors: readonly Anchor[]
  /** How old is what we remember. */
  readonly ages: AgeClock
  /** The bundle that judges, and news of it. */
  readonly policy: ActivePolicy
}

export interface PartsOptions extends Opening, Pick<DatabaseOptions, 'meanwhile'> {
  readonly access: ChannelAccess
  /** True for a command beside a running server: it uses that server's database instead of starting one. */
  readonly beside: boolean
  /** Where this process is reached, when the configuration does not say it. */
  readonly origin: string
  /** Counts what the parts do; nobody looks at a command's. */
  readonly metrics?: Metrics
  /** Hears what is committed by the ports. */
  readonly heard?: (store: Store) => Store
  /** How a version of the policy is loaded. */
  readonly load?: PolicyAhead['load']
}

/**
 * Opens everything below the adapters, in order, and hands it to the closers; whoever gave them ends it, also when this
 * throws.
 */
export async function openParts(config: Config, options: PartsOptions): Promise<Parts> {
  const { log, closers, start, metrics, load, heard = (store) => store } = options
  const health = createHealth(log)
  openDataDirectory(config.dataDir)
  const secret = installationSecret(config.dataDir, config.secret)
  const ages = createAgeClock()
  const hold = createHold()
  const { store, database } = await openDatabase(config, { ...options, ages, health, hold })
  const installation = await installationOf(store, config, secret)
  const policy = await start.phase('the active policy, from the database', async () => {
    const policy = await followPolicy({ store: store.store, health, log, ...(load && { load }) })
    closers.add('the policy that is followed', () => policy.stop(), policyLimit)
    return policy
  })
  const by = { store, secret, health, ages, log, metrics }
  const { directory, reachesPeople, hasConversation, ...channels } = channelParts(config, options.access, by)
  const anchors = anchorsOf(config, { now: store.clock, slack: channels.slack?.clients.posts ?? null })
  const address = config.baseUrl ?? options.origin
  const signing = grantSigning({ store, secret, ages, health, address })
  const outgoing = outgoingOf(config, { secret, address })
  const of = { installation: installation.id, signer: signing.signer }
  const warehouse = await start.phase("the sandbox's warehouse", async () =>
    database && hasWarehouse(config)
      ? sandboxWarehouse(database, { beside: options.beside, audience: address, of }).catch(without(log))
      : null,
  )
  const { targets, previewers } = warehouse ?? targetsOf(config, of)
  const known = {
    ...onCallOf(config, { store, health, ages, directory, ...of }),
    store,
    policy,
    workspace: installation.id,
    ...{ reachesPeople, hasConversation },
    ages,
    signing,
    ...{ outgoing, identityProviders: identityProvidersOf(config, { ages, address }) },
  }
  const ports = portsOf({ ...known, targets, previewers, statements: statementsOf(closers), config, heard })
  return {
    ...channels,
    ...{ ports, store, secret, signing, database, warehouse, health, hold, anchors, policy, ages },
  }
}

function installationOf(store: OpenStore, config: Config, secret: InstallationSecret) {
  return store.installation({
    kind: isSandbox(config) ? 'sandbox' : 'production',
    secretFingerprint: secret.fingerprint,
    newId: () => typeid('wsp').toString(),
  })
}

/** A sandbox without its warehouse still shows everything else. */
const without = (log: Logger) => (err: unknown) => {
  log.warn({ err }, 'the sandbox has no warehouse: no credential can be tried')
  return null
}

/** Only in the sandbox, and not where the operator has targets to try. */
function hasWarehouse(config: Config): boolean {
  return isSandbox(config) && config.credentialsFile === null
}

/** Milliseconds in which it has to end. */
const policyLimit = 6_000

/**
 * For one command: the parts beside a running server, or alone. Ctrl-C ends it in order, too.
 *
 * @param by.withoutPeople for what looks nobody up, and must be possible while no channel answers
 */
export function withParts<T>(
  config: Config,
  work: (parts: Parts) => Promise<T>,
  by: { readonly withoutPeople?: true } = {},
): Promise<T> {
  return asCommand(async (opening) => {
    const origin = readRunning(config.dataDir)?.url ?? originOf(config)
    const parts = await openParts(config, {
      ...opening,
      access: channelAccessOf(config),
      beside: true,
      origin,
    })
    const { signal } = opening.start
    if (!by.withoutPeople) await meetChannels(parts, opening.start)
    return untilAborted(work(parts), signal)
  })
}

/**
 * For one command that only reads what is stored: nobody has to be looked up, so no channel is asked.
 *
 * @throws StartFault when nothing was ever stored there: an empty database made on the spot would only seem to answer
 */
export async function withStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  if (!config.databaseUrl && !holdsDatabase(config.dataDir))
    throw new StartFault({
      problem: `There is no database in ${resolve(config.dataDir)}, so nothing is recorded there.`,
      fix: 'Run this where Countersign was started, or name its data: DATA_DIR or DATABASE_URL.',
    })
  return asCommand(async (opening) => {
    const { store } = await openDatabase(config, { ...opening, beside: true, ages: createAgeClock() })
    return untilAborted(work(store.store), opening.start.signal)
  })
}

/**
 * Brings the database of the configuration to this version. Resolves to the migrations that were applied, and the role that
 * may serve, when it is not the one that migrates.
 *
 * @throws StartFault when the database is our own: each start brings that one up, and no other can
 */
export async function migrateDatabase(
  config: Config,
): Promise<{ readonly applied: readonly string[]; readonly role: string | null }> {
  const { databaseUrl, migrateUrl } = config
  if (databaseUrl === null)
    throw new StartFault({
      problem:
        'There is no DATABASE_URL, and the database that comes with Countersign migrates when it starts.',
      fix: 'Set DATABASE_URL, and MIGRATE_DATABASE_URL when another role owns the tables.',
    })
  const applied = await asCommand(({ log, start }) =>
    prepareDatabase(
      { databaseUrl: plainUrl(databaseUrl), migrateUrl: migrateUrl && plainUrl(migrateUrl) },
      { log, start },
    ),
  )
  return { applied, role: migrateUrl === null ? null : decodeURIComponent(new URL(databaseUrl).username) }
}

/** Whatever the command opens has ended when this returns, also when somebody presses Ctrl-C half-way. */
export async function asCommand<T>(work: (opening: Opening) => Promise<T>): Promise<T> {
  const log = createLog({ level: 'warn', terminal: process.stderr.isTTY })
  const closers = createClosers(log)
  const { signal, release } = untilToldToStop()
  try {
    return await work({ log, closers, start: createStart({ signal, log }) })
  } catch (error) {
    throw startFaultOf(error)
  } finally {
    await closers.close()
    release()
  }
}

/** The webhook signing secret of an agent's key, as Standard Webhooks writes it. */
export function webhookSecret(secret: InstallationSecret, keyId: string): string {
  return `whsec_${webhookSecretBytes(secret, keyId).toString('base64')}`
}

export function webhookSecretBytes(secret: InstallationSecret, keyId: string): Buffer {
  return secret.derive(`webhook:${keyId}`)
}

function portsOf(parts: {
  readonly store: OpenStore
  readonly policy: ActivePolicy
  readonly directory: Directory
  readonly onCall: Ports['onCall']
  readonly workspace: string
  readonly reachesPeople: Ports['reachesPeople']
  readonly hasConversation: Ports['hasConversation']
  readonly ages: AgeClock
  readonly signing: GrantSigning
  readonly targets: Ports['targets']
  readonly previewers: Ports['previewers']
  readonly statements: Ports['statements']
  readonly config: Pick<Config, 'keyDays' | 'deliveryDays' | 'pruneDays' | 'retentionDays'>
  readonly outgoing: Outgoing
  readonly identityProviders: Ports['identityProviders']
  readonly heard: (store: Store) => Store
}): Ports {
  const ports = {
    store: parts.heard(parts.store.store),
    registry: rememberRegistry(parts.store.store, parts.ages),
    stops: rememberStops(parts.store.store, parts.ages),
    directory: parts.directory,
    onCall: parts.onCall,
    delegations: rememberDelegations(parts.store.store, parts.ages, parts.store.clock),
    policy: parts.policy.current,
    renewPolicy: parts.policy.renew,
    clock: parts.store.clock,
    ids: randomIds,
    workspace: parts.workspace,
    reachesPeople: parts.reachesPeople,
    hasConversation: parts.hasConversation,
    signer: parts.signing.signer,
    sealer: parts.signing.sealer,
    keyDays: parts.config.keyDays,
    deliveryDays: parts.config.deliveryDays,
    pruneDays: parts.config.pruneDays,
    retentionDays: parts.config.retentionDays,
    outgoing: parts.outgoing,
    identityProviders: parts.identityProviders,
    // In every channel, and in the sandbox with the local one: the messages wait until it is there.
    confirms: true,
    targets: parts.targets,
    previewers: parts.previewers,
    statements: parts.statements,
  }
  return { ...ports, store: keptTogether(tellPeople(ports.store, ports), ports) }
}
