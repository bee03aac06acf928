import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Closers } from '../../../src/lifetime/closers.ts'
import { freePort } from '../../world/freePort.ts'
import { random } from '../random.ts'
import { type Registered, register } from './agents.ts'
import { type Company, openCompany } from './company.ts'
import { type Database, startDatabase } from './database.ts'
import { askedAt } from './outside.ts'
import { policyDirectory } from './policy.ts'
import { createReplica, type Replica } from './replica.ts'

/** Everything that runs, and where its files are. */
export interface World {
  readonly root: string
  /** Where checkpoints leave the house to. */
  readonly anchors: string
  readonly database: Database
  readonly company: Company
  readonly replicas: readonly [Replica, Replica]
  readonly agents: readonly Registered[]
}

const secret = 'the-secret-that-both-replicas-of-a-soak-share'

/** As many as ask: each has a pace of its own. */
const agentNames = Array.from({ length: 8 }, (_, n) => `soak-${n}`)

/** Starts it, piece by piece; whatever has begun by then is ended by `closers`. */
export async function openWorld(
  closers: Closers,
  options: { readonly seed: number; readonly keep: boolean },
): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'countersign-soak-'))
  chmodSync(root, 0o711) // PostgreSQL's own user has to pass when this runs as root
  if (!options.keep) closers.add('files', () => rmSync(root, { recursive: true, force: true }))
  const database = await startDatabase(join(root, 'database'))
  closers.add('database', () => database.stop(), 30_000)
  const company = await openCompany(random(options.seed, 'slack'))
  closers.add('slack', () => company.close())

  const anchors = join(root, 'anchors')
  mkdirSync(anchors)
  const anchorsFile = join(root, 'anchors.yaml')
  writeFileSync(
    anchorsFile,
    JSON.stringify({ anchors: [{ name: 'vault', kind: 'directory', path: anchors, every: '10s' }] }),
  ) // JSON is YAML
  const environment = {
    DATABASE_URL: database.url,
    MIGRATE_DATABASE_URL: database.migrateUrl,
    POLICY_DIR: policyDirectory,
    COUNTERSIGN_SECRET: secret,
    ANCHORS_FILE: anchorsFile,
    ...company.environment,
  }
  // The port is asked for once: a replica that is started again comes back at the same place.
  const create = async (name: string) => createReplica({ name, port: await freePort(), root, environment })
  const replicas = [await create('a'), await create('b')] as const
  for (const replica of replicas) closers.add(`replica ${replica.name}`, () => replica.stop(), 40_000)
  // The first makes the tables; the second finds them.
  for (const replica of replicas) await replica.start()
  const agents = await register({ ...environment, DATA_DIR: join(root, 'a') }, agentNames)
  const [agent] = agents
  for (const { name, url } of replicas) {
    const heard = await askedAt(url, agent?.credential ?? '')
    if (heard !== '201 approved')
      throw new Error(
        `${name} does not judge by the soak's policy: ${heard}. Its log is ${name}.log; try --keep.`,
      )
  }
  return { root, anchors, database, company, replicas, agents }
}
