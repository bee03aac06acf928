import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { closeReview } from '../../src/approvals/closeReview.ts'
import type { About, Period } from '../../src/approvals/evidence/records.ts'
import { report } from '../../src/approvals/executions/report.ts'
import { expire } from '../../src/approvals/expire.ts'
import { mint } from '../../src/approvals/grants/mint.ts'
import { activatePolicy } from '../../src/approvals/policy/activatePolicy.ts'
import { exportPack } from '../../src/cli/evidence/export.ts'
import { loadBundle } from '../../src/policy/load.ts'
import { withRecords } from '../../src/store/ledger/recordedEntries.ts'
import { smash } from '../approvals/emergency.ts'
import { castOf, redeems } from '../support/grantedRequest.ts'
import { said } from '../support/reportingWorld.ts'
import { bundleFiles } from '../support/testBundle.ts'
import { ask, attemptBy, click, submission, testWorld, type World } from '../support/world.ts'
import { opened, silent } from './opened.ts'
import { sealed } from './sealingWorld.ts'

type Open = Awaited<ReturnType<typeof opened>>

/** A world on a database of its own, whose policy was activated with its files. */
export async function recordingWorld(
  databaseUrl?: string,
  files: Readonly<Record<string, string>> = bundleFiles,
): Promise<{ readonly open: Open; readonly world: World }> {
  const open = await opened(databaseUrl)
  const bare = await testWorld({ store: open.store, policy: null })
  const loaded = loadBundle(new Map(Object.entries(files)))
  if (!loaded.ok) throw new Error('the bundle of the tests loads')
  const { bundle } = loaded
  const ports = { ...bare.ports, policy: () => bundle }
  await activatePolicy(ports, { bundle, files: { ...files }, by: 'startup', via: 'startup' })
  return { open, world: { ...bare, ports } }
}

/** Requests that end in most ways there are; sealed. Resolves to their ids. */
export async function toldStories({ open, world }: Awaited<ReturnType<typeof recordingWorld>>) {
  const { ports, agent, clock } = world
  const cast = await castOf(world)
  const approved = await ask(world, 'deploy.start', { reason: '=cmd|calc' })
  await click(world, approved.id, 'U0LEE').catch(() => undefined) // Lee owns the agent, and is refused
  await click(world, approved.id, 'U0GRACE', { seen: 'Deploy of warehouse.users, as Grace saw it' })
  const { request, grant, token } = await mint(ports, {
    request: approved.id,
    caller: { agent: agent.agent, key: agent.key },
    via: 'api',
    audience: null,
    proof: null,
  })
  await redeems(world, { request, grant, token }, cast.agent)
  const by = { kind: 'agent', id: agent.agent.id, via: 'api' } as const
  const otherwise = { ...request.action, params: { rows: 1_000_000 } }
  await report(ports, {
    request: request.id,
    by,
    report: said('succeeded', { action: otherwise, note: 'done\n`and` more' }),
  })
  const rollback = await ask(world, 'table.drop', { rollsBack: approved.id })
  await click(world, rollback.id, 'U0GRACE')
  const denied = await ask(world, 'deploy.start', submission('deploy.start', { params: { version: 2 } }))
  await click(world, denied.id, 'U0GRACE', { kind: 'deny', reason: 'Not today.' })
  await report(ports, { request: denied.id, by, report: said('succeeded') })
  const emergency = await ask(world, 'host.reboot')
  await smash(world, emergency.id, 'U0GRACE')
  await closeReview(ports, { ...attemptBy(emergency.id, 'U0OMAR'), note: 'As announced.' })
  const expired = await ask(world, 'deploy.start', submission('deploy.start', { params: { version: 3 } }))
  clock.advance(7_200)
  await expire(ports, expired.id)
  await sealed(open)
  return {
    approved: approved.id,
    rollback: rollback.id,
    denied: denied.id,
    emergency: emergency.id,
    expired: expired.id,
  }
}

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'countersign-pack-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

export interface Wish {
  readonly out: string
  readonly period?: Period
  readonly about?: About
  readonly signal?: AbortSignal
}

export function exported({ databaseUrl }: Open, { out, period, about, signal }: Wish) {
  return withRecords({ databaseUrl, log: silent }, async (found) => {
    if (!found) throw new Error('there is a ledger')
    return exportPack(found, {
      out,
      period: period ?? null,
      about: about ?? null,
      signal: signal ?? new AbortController().signal,
      progress: () => undefined,
    })
  })
}
