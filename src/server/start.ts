import type { Logger } from 'pino'
import { retentionJobs } from '../approvals/erasure/retention.ts'
import { sweepJobs } from '../approvals/leases/sweep.ts'
import type { PersonClaim } from '../approvals/people/identify.ts'
import { firstLook } from '../approvals/people/lookAtAccounts.ts'
import { firstPrune } from '../approvals/webhooks/prune.ts'
import { defaultLimits } from '../http/limits.ts'
import { createServer } from '../http/server.ts'
import { observeTasks } from '../jobs/observeTasks.ts'
import { sharesOf, tasksFor } from '../jobs/tasks.ts'
import { startWorker } from '../jobs/worker.ts'
import { createClosers } from '../lifetime/closers.ts'
import { createStart } from '../lifetime/start.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { sqlFor } from '../parsing/here.ts'
import { sandboxAgents as sandboxSeeds } from '../sandbox/seed.ts'
import type { SandboxAgent } from '../sandbox/wire.ts'
import { sandboxRoot } from '../sandbox/wire.ts'
import { readBundleDirectory } from '../store/bundleDirectory.ts'
import { holdsDatabase } from '../store/embedded/place.ts'
import { startFaultOf } from '../store/startFaults.ts'
import { channelAccessOf } from './channelParts.ts'
import { openParts, type Parts, webhookSecretBytes } from './compose.ts'
import { composeSandbox } from './composeSandbox.ts'
import { type Config, isSandbox } from './config.ts'
import { configWarnings } from './configWarnings.ts'
import { openDataDirectory } from './dataDirectory.ts'
import { FrontDoor, mountsOf } from './frontDoor.ts'
import { glancer } from './glance.ts'
import { keysAtStart } from './keysAtStart.ts'
import { ledgerAtStart } from './ledgerAtStart.ts'
import { keepPort, listen, originOf } from './listening.ts'
import { openChannels } from './openChannels.ts'
import type { Opening } from './openDatabase.ts'
import { personClaim } from './personClaim.ts'
import { policyAhead } from './policyAhead.ts'
import { policyAtStart } from './policyAtStart.ts'
import { refuseMightyPreviews } from './previewLogins.ts'
import { forgetRunning, refuseSecond, writeRunning } from './running.ts'
import { sandboxAgents } from './sandboxAgents.ts'
import { sandboxAudit } from './sandboxAudit.ts'
import { createShadowing } from './shadow.ts'
import { streamsAtStart, streamsOf } from './streams.ts'

/** A server that answers. */
export interface RunningServer {
  readonly url: string
  /** What a newcomer can try, or null with a real channel. */
  readonly sandbox: { readonly page: string; readonly agents: readonly SandboxAgent[] } | null
  /** Something the operator should know about where things are, or null. */
  readonly note: string | null
  /** Whether there is a policy to judge by, now. */
  readonly judges: () => boolean
  /** Ends everything in the reverse order of its start, within a time that is bounded; nothing acknowledged is lost. */
  stop(): Promise<void>
  /** Aborted with what to say when a newer version takes over the database: it has to be stopped then. */
  readonly replaced: AbortSignal
  /** What did not end in order when it was stopped, with why. Everything else has ended. */
  failed(): readonly string[]
}

/**
 * Starts everything, in this order: the port is tried (so that a taken one is found before anything else), database,
 * policy, listen (so that the sandbox's Slack can be reached), Slack, Teams, jobs. Jobs come last: what an earlier process left
 * is done by the same code as everything else, when all it needs is there.
 *
 * @param by.signal tells the start to stop; its reason is thrown then, wherever the start was
 * @param by.tell hears what is begun, while it is being done
 * @param by.shadowProgram where the program of the thread stands in which a shadow judges, for whoever runs this from elsewhere
 * @throws StartFault, StoreFault, each with the fix; nothing is left running
 */
export async function startServer(
  config: Config,
  log: Logger,
  by: {
    readonly signal?: AbortSignal
    readonly tell?: (doing: string) => void
    readonly shadowProgram?: URL
  } = {},
): Promise<RunningServer> {
  const { signal = new AbortController().signal, tell, shadowProgram } = by
  const closers = createClosers(log)
  try {
    return await open({ config, log, closers, start: createStart({ signal, log, tell }), shadowProgram })
  } catch (error) {
    await closers.close()
    throw signal.aborted ? signal.reason : startFaultOf(error)
  }
}

/** Milliseconds in which each has to end. All of them together, with those of what is below, bound the end of the process. */
const limits = {
  http: 3_000,
  sandbox: 3_000,
  tokens: 12_000,
  jobs: 12_000,
  sealing: 12_000,
  streams: 12_000,
  anchoring: 11_000,
  shadow: 12_000,
  file: 1_000,
} as const

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one start, in one order; each step needs what the ones before it gave
async function open(
  opening: Opening & { readonly config: Config; readonly shadowProgram: URL | undefined },
): Promise<RunningServer> {
  const { config, log, closers, start, shadowProgram } = opening
  openDataDirectory(config.dataDir)
  refuseSecond(config.dataDir)
  const streams = streamsOf(config)
  const { port, free } = await keepPort(config)
  closers.add('the port that is kept', free, limits.http)
  const origin = originOf(config, port)
  const warnings = configWarnings({ ...config, port })
  for (const { key, wrong, fix } of warnings) log.warn({ key, fix }, `${key} ${wrong}`)
  const sandbox = isSandbox(config) ? composeSandbox(origin, { dataDir: config.dataDir, log }) : null
  if (sandbox) closers.add('the sandbox', () => sandbox.close(), limits.sandbox)
  const access = sandbox ? { slack: sandbox.access, teams: sandbox.teams } : channelAccessOf(config)

  // Read first: a wrong POLICY_DIR is found out before anything is set up.
  const isNew = !config.databaseUrl && !holdsDatabase(config.dataDir)
  const files = readBundleDirectory(config.policyDir)
  const ahead = policyAhead(files, { isNew, readText: await sqlFor(files) })
  const metrics = createMetrics()
  const shadowing = createShadowing()
  const parts = await openParts(config, {
    ...opening,
    access,
    beside: false,
    origin,
    metrics,
    heard: shadowing.heard,
    load: ahead.load,
    meanwhile: ahead.begin,
  })
  const front = new FrontDoor(parts)
  closers.add('the heartbeat', () => front.heart.stop(), limits.http)
  await start.phase('the signing keys, in the database', () => keysAtStart(parts))
  await start.phase('the logins for previews', () => refuseMightyPreviews(parts.ports.previewers, log))
  await start.phase('the ledger, in the database', async () => {
    const ledger = await ledgerAtStart(parts, {
      ...{ origin: config.ledgerOrigin, replica: front.replica, log },
    })
    closers.add('anchoring', ledger.stopAnchoring, limits.anchoring)
    closers.add('sealing', ledger.stopSealing, limits.sealing)
  })
  const outside = outsideOf(parts, { closers, log })
  outside('the streams of the ledger', streamsAtStart(parts, { streams, log }), limits.streams)
  start.begins('Reading the policy')
  const askLater = await start.phase('the policy directory and the database', () =>
    policyAtStart(parts, { policyDir: config.policyDir, ahead, log }),
  )
  parts.policy.expectOne()
  shadowing.begin(parts, { front, metrics, log, program: shadowProgram })
  closers.add('the shadow', shadowing.stop, limits.shadow)

  const glance = glancer(parts, { conditions: () => front.conditions(), streams: streams.names })
  const server = await createServer({
    ports: parts.ports,
    ledger: parts.store.ledgerReader,
    log,
    baseUrl: config.baseUrl ?? origin,
    signingSecret: (keyId) => webhookSecretBytes(parts.secret, keyId),
    mounts: mountsOf(front, { parts, sandbox, metrics }),
    conditions: () => front.conditions(),
    operator: {
      token: config.metricsToken,
      metrics: metrics.page(glance),
    },
    callEnded: metrics.httpCallEnded,
    limits: defaultLimits,
    ages: parts.ages,
  })
  closers.add('the HTTP server', () => server.close(), limits.http)
  await free()
  await listen(server, { host: config.host, port })
  if (sandbox) server.server.on('upgrade', (request, socket, head) => sandbox.upgrade(request, socket, head))

  const rotating = parts.slack?.rotating
  if (rotating) outside('the tokens of Slack', rotating.watch(), limits.tokens)
  const channel = await openChannels(parts, {
    ...{ config, log, metrics, sandbox, front, closers, start },
    house: glance,
  })
  start.begins('Starting the job workers')
  const tasks = observeTasks(tasksFor(parts.ports, channel, log), metrics.jobEnded)
  for (const share of sharesOf(tasks))
    await start.phase('the job queue, in the database', async () => {
      const { pool, store } = parts.store
      const worker = await startWorker({ ...share, pool, log, health: parts.health, watch: store.watch })
      outside('a job worker', () => worker.stop(), limits.jobs)
    })
  // Whatever an earlier process left at a target is looked for now, and what has become too old.
  await parts.ports.store.commit({
    entries: [],
    jobs: [...sweepJobs(parts.ports), firstPrune, firstLook, ...retentionJobs(parts.ports)],
  })
  front.atWork = true
  const agents = await start.phase("the sandbox's agents", async () =>
    sandbox ? sandboxAgents(parts.ports, config.dataDir) : [],
  )
  sandbox?.offer(agents, { warehouse: parts.warehouse, audit: sandboxAudit(parts, config) })
  const policyNote = await start.phase('people, to ask about the policy directory', () =>
    askLater(policyOwner(config)),
  )
  closers.add('running.json', () => forgetRunning(config.dataDir), limits.file)
  writeRunning(config.dataDir, {
    url: origin,
    sandbox: sandbox && { ...sandbox.access, teams: sandbox.teams },
  })
  const notes = [
    parts.database?.note,
    policyNote,
    ...warnings.map(({ key, wrong, fix }) => `${key} ${wrong} ${fix}`),
  ]
  return {
    url: config.baseUrl ?? origin,
    sandbox: sandbox ? { page: `${origin}${sandboxRoot}`, agents } : null,
    note: notes.filter(Boolean).join('\n') || null,
    judges: () => parts.ports.policy() !== null,
    stop: closers.close,
    failed: closers.failed,
    replaced: parts.store.replaced,
  }
}

/**
 * What acts outside by what the database says: ended with everything else, and at once when the ledger turns out to be older than what has
 * left the house, or another. What it says then may long have been done, and could not be recorded.
 */
function outsideOf(
  { hold }: Pick<Parts, 'hold'>,
  { closers, log }: Pick<Opening, 'closers' | 'log'>,
): (what: string, stop: () => Promise<void>, limitMs: number) => void {
  return (what, stop, limitMs) => {
    closers.add(what, stop, limitMs)
    hold.whenHeld(() => {
      log.error({ what, why: hold.why() }, 'ends: the ledger is behind')
      void stop().then(() => log.error({ what }, 'has ended: the ledger is behind'))
    })
  }
}

/** Who is behind a change of POLICY_DIR that is found at start: whoever the operator says; in the sandbox, its agents' owner. */
function policyOwner(config: Config): PersonClaim | null {
  if (config.policyOwner) return personClaim(config.policyOwner)
  const [seed] = sandboxSeeds
  return isSandbox(config) && seed ? personClaim(seed.owner) : null
}
