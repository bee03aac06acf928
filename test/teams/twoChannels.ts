import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { Channel } from '../../src/approvals/channelPort.ts'
import { rememberDelegations } from '../../src/approvals/delegations/remember.ts'
import type { Job } from '../../src/approvals/job.ts'
import { tellPeople } from '../../src/approvals/news/tellPeople.ts'
import { rememberRegistry } from '../../src/approvals/people/registry.ts'
import type { PersonCommand } from '../../src/approvals/personCommand.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { keptTogether } from '../../src/approvals/sets/keptTogether.ts'
import { severalChannels } from '../../src/approvals/severalChannels.ts'
import { rememberStops } from '../../src/approvals/stops/remember.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import type { Bundle } from '../../src/policy/bundle.ts'
import { acme } from '../../src/sandbox/seed.ts'
import { acmeTeams, teamsIds } from '../../src/sandbox/teams/seed.ts'
import { createLocalTeams, type LocalTeams } from '../../src/sandbox/teams/server.ts'
import { channelAccessOf, channelParts } from '../../src/server/channelParts.ts'
import { createHealth, type HealthRecord } from '../../src/server/health.ts'
import { createSlack } from '../../src/slack/app.ts'
import type { OpenStore } from '../../src/store/open.ts'
import { installationSecret } from '../../src/store/secretFile.ts'
import { isTeams } from '../../src/teams/address.ts'
import { createTeams } from '../../src/teams/app.ts'
import { configOf, temporaryDirectory } from '../server/serve.ts'
import { openWorkspace } from '../server/workspace.ts'
import { unshared } from '../slack/company.ts'
import { opened } from '../store/opened.ts'
import { freshDatabase } from '../support/database.ts'
import { patience } from '../support/eventually.ts'
import { firstAttempt } from '../support/firstAttempt.ts'
import { agesOf, type TestClock } from '../support/testClock.ts'
import { ask, testWorld, type World } from '../support/world.ts'
import { bothBundle } from './bothBundle.ts'

const secret = 'a-secret-of-the-local-app'

/** One server of a house that is in Slack and in Teams: what it heard in both is done by it, over a database that others may share. */
export interface Replica {
  readonly world: World
  readonly ports: Ports
  readonly store: OpenStore['store']
  readonly open: OpenStore
  readonly channel: Channel
  readonly health: HealthRecord
  readonly url: string
  /** What was handed to the durable queue. */
  readonly queued: PersonCommand[]
  readonly logged: Record<string, unknown>[]
  /** Does everything that is due by the clock of the house, as its worker would. */
  work(): Promise<void>
}

/** A house with both channels: the real clients, the real verbs and PostgreSQL, between a local Slack and a local Teams. */
export interface House {
  readonly slack: Awaited<ReturnType<typeof openWorkspace>>['slack']
  readonly teams: LocalTeams
  readonly clock: TestClock
  readonly database: string
  readonly here: Replica
  /** Another server on the same database; a deaf one is told nothing of what others commit. */
  another(how?: { readonly deaf: true }): Promise<Replica>
  /** Whatever people do is delivered there from now on. */
  deliverTo(replica: Replica): void
  /** Asks for an action as Alice. Cards are posted when the house works. */
  asked(action: string, change?: Parameters<typeof ask>[2]): Promise<string>
  /** Lets so many seconds pass, in steps of five, and does what falls due. */
  pass(seconds: number): Promise<void>
}

export async function openHouse(
  options: { readonly policy?: Bundle; readonly confirms?: boolean; readonly slowAfter?: number } = {},
): Promise<House> {
  const time: { clock: TestClock | null } = { clock: null }
  const now = () => time.clock?.().getTime() ?? Date.now()
  const workspace = await openWorkspace(unshared(acme), { now })
  const teams = createLocalTeams({
    ...{ origin: 'http://127.0.0.1:0', appUrl: 'http://127.0.0.1:1/', secret, seed: acmeTeams, now },
    ...{ ackMs: patience, submits: 1, rateLimits: 'none' },
  })
  await teams.listen()
  onTestFinished(() => teams.close())
  const database = await freshDatabase()
  const environment = { ...workspace.environment, ...environmentOf(teams) }
  const first = await opened(database)
  const { policy = bothBundle(), confirms = false, slowAfter = patience } = options
  const made = await testWorld({ store: first.store, policy, confirms })
  // Jobs that are due at once stand under the database's own time.
  made.clock.advance((Date.now() - made.clock().getTime()) / 1_000)
  time.clock = made.clock
  const by = { environment, slowAfter }
  const here = await replica(made, first, by)
  const deliverTo = ({ url }: Replica) => {
    workspace.deliverTo(url)
    teams.deliverTo(`${url}/api/messages`)
  }
  deliverTo(here)
  return {
    ...{ slack: workspace.slack, teams, clock: made.clock, database, here, deliverTo },
    another: async (how) => {
      const hearing = await opened(database)
      const ages = agesOf(made.clock)
      const store = how?.deaf ? { ...hearing.store, watch: () => () => undefined } : hearing.store
      const open = { ...hearing, store }
      const own = {
        ...{ store, registry: rememberRegistry(store, ages), stops: rememberStops(store, ages) },
        delegations: rememberDelegations(store, ages, made.clock),
      }
      return replica({ ...made, store, ports: { ...made.ports, ...own } }, open, by)
    },
    asked: async (action, change = {}) => (await ask(here.world, action, change)).id,
    pass: async (seconds) => {
      for (let passed = 0; passed < seconds; passed += 5) {
        made.clock.advance(Math.min(5, seconds - passed))
        await here.work()
      }
    },
  }
}

function environmentOf({ services }: LocalTeams): Readonly<Record<string, string>> {
  const { connector, login, graph, keys, issuer } = services
  return {
    ...{ TEAMS_APP_ID: teamsIds.app, TEAMS_TENANT_ID: teamsIds.tenant, TEAMS_APP_PASSWORD: secret },
    ...{ TEAMS_SERVICE_URL: connector, TEAMS_LOGIN_URL: login, TEAMS_GRAPH_URL: graph },
    ...{ TEAMS_KEYS_URL: keys, TEAMS_ISSUER: issuer },
  }
}

/** A server as `openParts` and `openChannels` put it together, whose time is the test's. */
async function replica(
  made: World,
  open: OpenStore,
  by: { readonly environment: Readonly<Record<string, string>>; readonly slowAfter: number },
): Promise<Replica> {
  const config = configOf({ ...by.environment, DATA_DIR: temporaryDirectory() })
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'info', base: {} }, { write: (line) => void logged.push(JSON.parse(line)) })
  const health = createHealth(log)
  const ages = agesOf(made.clock)
  const secret = installationSecret(config.dataDir, config.secret)
  const { slack, teams, directory, reachesPeople } = channelParts(config, channelAccessOf(config), {
    ...{ store: open, secret, health, ages, log, metrics: undefined },
  })
  if (!slack || !teams) throw new Error('a house with both channels has both')
  const own = { ...made.ports, directory, reachesPeople }
  const ports: Ports = { ...own, store: keptTogether(tellPeople(open.store, own), own) }
  const queued: PersonCommand[] = []
  const both = {
    ...{ ports, log, ages, slowAfter: by.slowAfter, ackAfter: by.slowAfter, answerWithin: patience },
    later: async (command: PersonCommand) => void queued.push(command),
  }
  const met = await slack.connectSlack()
  const { signingSecret = null } = config.slack ?? {}
  if (signingSecret === null) throw new Error('the workspace of the tests is heard over HTTP')
  const inSlack = createSlack({
    ...{ ...both, ...met, access: slack.access, clients: slack.clients, reach: slack.reach },
    ...{ health: slack.health, mode: { kind: 'http', signingSecret, previousSecret: null } },
    house: async () => ({ conditions: health.now(), stored: null }),
    homesEveryMs: 20,
  })
  await inSlack.start()
  await teams.connect()
  const { access, health: itsHealth } = teams
  const inTeams = createTeams({
    ...{ ...both, access, health: itsHealth },
    ...{ directory: teams.directory, channel: teams.channel },
  })
  await inTeams.start()
  const server = createServer(
    (req, res) => void (req.url === '/api/messages' ? inTeams : inSlack).handle(req, res),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await Promise.all([inSlack.stop(), inTeams.stop()])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const channel = severalChannels([{ has: isTeams, channel: inTeams.channel }], inSlack.channel)
  const world: World = { ...made, ports, store: open.store }
  return {
    ...{ world, ports, store: open.store, open, channel, health, queued, logged },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on TCP
    work: worker({ ports, channel, open }),
  }
}

/** Takes what is due out of the queue and does it, until nothing is. What breaks is tried again five seconds later. */
function worker({ ports, channel, open }: Pick<Replica, 'ports' | 'channel' | 'open'>) {
  const tasks = tasksFor(ports, channel, pino({ level: 'silent' }))
  const later = async (task: string, payload: object) => {
    const at = new Date(ports.clock().getTime() + 5_000).toISOString()
    await ports.store.commit({ entries: [], jobs: [{ ...payload, task, at } as Job] }) // as it was committed
  }
  return async () => {
    for (let round = 0; round < 50; round += 1) {
      const { rows } = await open.pool.query<{ task: string; payload: object }>(take, [ports.clock()])
      if (rows.length === 0) return
      for (const { task, payload } of rows)
        await Promise.resolve(tasks[task]?.(payload, firstAttempt)).catch(() => later(task, payload))
    }
    throw new Error('the jobs never come to an end')
  }
}

const take = `WITH taken AS (
    DELETE FROM graphile_worker._private_jobs AS jobs USING graphile_worker._private_tasks AS tasks
    WHERE tasks.id = jobs.task_id AND jobs.run_at <= greatest(now(), $1::timestamptz)
    RETURNING tasks.identifier AS task, jobs.payload, jobs.run_at, jobs.id
  ) SELECT task, payload FROM taken ORDER BY run_at, id`
