import { pino } from 'pino'
import { type Anchor, AnchorDispute, AnchorFault, type Reading } from '../approvals/ledger/anchors/anchor.ts'
import type { AnchorStore } from '../approvals/ledger/anchors/anchorStore.ts'
import { lookAt, whyBehind } from '../approvals/ledger/anchors/lookAt.ts'
import type { Finding } from '../channels/finding.ts'
import { anchoredIn, type TreeHere } from '../ledger/anchored.ts'
import type { KeptCheckpoint } from '../ledger/keptHeads.ts'
import { Overdue } from '../lifetime/limit.ts'
import { anchorsOf, besideUs } from '../server/anchorsOf.ts'
import { type Config, isSandbox, readConfig } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { createClients } from '../slack/outbound/clients.ts'
import { createReach } from '../slack/outbound/reach.ts'
import { withAnchored } from '../store/ledger/withAnchored.ts'
import { lookedAt } from './lookedAt.ts'
import { paint, say } from './say.ts'
import { accessToLookLater } from './slackToLook.ts'

/** What is said of them is all that is said. */
const silent = pino({ level: 'silent' })

/** Lists the anchors: what each took last and when, what it has, and whether the ledger goes on from that. Exit code 2 if one says it does not. */
export async function anchorsCommand(): Promise<number> {
  const config = readConfig()
  const anchors = configured(config)
  const found = await lookedAt(config, (databaseUrl, log) =>
    withAnchored({ databaseUrl, log }, (store) => standings(anchors, store)),
  )
  if (!found) throw noDatabase
  for (const line of found.lines) say(line)
  if (anchors.length === 0)
    say(
      'There is none: checkpoints do not leave the house. ANCHORS_FILE names them; docs/operations.md, "Anchors".',
    )
  return found.isSound ? 0 : 2
}

/** How each anchor stands, in two lines; and whether the ledger goes on from all of them. */
export async function standings(
  anchors: readonly Anchor[],
  store: AnchorStore,
): Promise<{ readonly lines: readonly string[]; readonly isSound: boolean }> {
  const here = (await store.tree())?.here
  const taken = await store.newest()
  const lines: string[] = []
  let isSound = true
  for (const anchor of anchors) {
    const last = taken.get(anchor.name)
    const took = last ? `took ${last.size} entries of ${last.origin} at ${last.at}` : 'took nothing yet'
    const { says, mark, behind } = await stands(anchor, { store, here })
    if (behind) isSound = false
    lines.push(`${mark} ${paint('bold', anchor.name)}  ${anchor.kind}  ${took}`, `    ${says}`)
  }
  for (const [name, { at, size }] of taken)
    if (!anchors.some((one) => one.name === name))
      lines.push(`- ${paint('bold', name)}  is not configured any more; it took ${size} entries at ${at}`)
  return { lines, isSound }
}

async function stands(
  anchor: Anchor,
  { store, here }: { readonly store: AnchorStore; readonly here: TreeHere | undefined },
): Promise<{ readonly says: string; readonly mark: string; readonly behind: boolean }> {
  const { name, newest } = anchor
  if (!newest)
    return { says: 'it shows checkpoints, and is not read', mark: paint('dim', '·'), behind: false }
  try {
    const looked = await lookAt({ newest }, store)
    const why = here ? whyBehind(name, looked, here) : null
    if (why) return { says: why, mark: paint('red', '✗'), behind: true }
    if (looked.strange !== null) return { says: looked.strange, mark: paint('yellow', '?'), behind: false }
    const size = looked.anchored?.checkpoint.size ?? null
    return {
      says: hasIn(size),
      mark: size ? paint('green', '✓') : paint('yellow', '?'),
      behind: false,
    }
  } catch (fault) {
    return { says: faultText(fault), mark: paint('red', '✗'), behind: false }
  }
}

/** So many checkpoints of one anchor are held in memory, of about a kilobyte each; milliseconds that reading them may take. */
const mostOfOne = 100_000
const patienceMs = 30 * 60_000
function hasIn(size: number | null): string {
  if (size === null) return 'it has nothing yet'
  if (size === 0) return 'it has the checkpoint from before the first entry, which shows nothing yet'
  return `it has ${size} entries, and the ledger goes on from them`
}

/** What anchors have for whoever verifies the ledger against them. */
export interface HeldByAnchors {
  readonly kept: readonly KeptCheckpoint[]
  /** All the others that they have. */
  readonly older: readonly KeptCheckpoint[]
  /** Why an anchor shows nothing, or not only what this ledger has signed; empty: each of them does. */
  readonly unsound: readonly string[]
}

/**
 * Every checkpoint that each anchor has, for whoever verifies the ledger against them.
 *
 * @throws StartFault when none is configured that can be read, or one does not answer
 */
export async function anchoredCheckpoints(): Promise<HeldByAnchors> {
  const config = readConfig()
  const readable = configured(config).filter(({ newest }) => newest !== null)
  if (readable.length === 0)
    throw new StartFault({
      problem: 'No anchor is configured that can be read.',
      fix: 'Name them in ANCHORS_FILE (docs/operations.md, "Anchors"), or give kept checkpoints with --checkpoint.',
    })
  const here = await lookedAt(config, (databaseUrl, log) =>
    withAnchored({ databaseUrl, log }, async (store) => (await store.tree())?.here ?? null),
  )
  if (!here) throw noDatabase
  return heldByAnchors(readable, here)
}

/** @throws StartFault when one does not answer */
export async function heldByAnchors(anchors: readonly Anchor[], here: TreeHere): Promise<HeldByAnchors> {
  const kept: KeptCheckpoint[] = []
  const older: KeptCheckpoint[] = []
  const unsound: string[] = []
  for (const { name, newest } of anchors) {
    const found: KeptCheckpoint[] = []
    const reading: Reading = async (text) => {
      const anchored = anchoredIn(text, here)
      if (!anchored) return null
      const { checkpoint } = anchored
      if (found.length > mostOfOne) return anchored
      found.push({ from: `the anchor ${name}, for ${checkpoint.size} entries,`, checkpoint })
      return 'another'
    }
    const its = await newest?.(here.first, reading, { limitMs: patienceMs }).catch((fault: unknown) => {
      throw new StartFault({
        problem: `The anchor ${name} does not say what it has: ${faultText(fault)}.`,
        fix: 'Let this machine reach it, with the same rights as the server.',
      })
    })
    if (its?.strange) unsound.push(`${name}: ${its.strange}.`)
    const [last, ...others] = found
    older.push(...others)
    if (its?.anchored)
      unsound.push(`${name} has more than ${mostOfOne} checkpoints: older ones were not compared.`)
    if (last) kept.push({ ...last, from: `the anchor ${name}` })
    else if (here.size > 0) unsound.push(`${name} has no checkpoint of this ledger, so it shows nothing.`)
  }
  return { kept, older, unsound }
}

/** For `doctor`: whether each anchor can be used, and what it is worth that there is none, or only one on this machine. */
export async function anchorFindings(config: Config): Promise<readonly Finding[]> {
  const anchors = configured(config)
  const fix = 'Name a place that nobody who has the database can change: docs/operations.md, "Anchors".'
  const name = 'anchors'
  if (anchors.length === 0)
    return [
      {
        name,
        ok: true,
        look: true,
        detail: 'there is none: nothing shows that the ledger was not made anew',
        fix,
      },
    ]
  const found = await Promise.all(
    anchors.map(async (anchor) => ({ name: `anchor ${anchor.name}`, ...(await anchor.check()) })),
  )
  if (anchors.some((anchor) => anchor.name !== besideUs || config.anchorsFile !== null)) return found
  const detail = 'the only one is a directory on this machine: whoever has the machine can change both'
  return [...found, { name, ok: true, look: true, detail, fix }]
}

function configured(config: Config): readonly Anchor[] {
  const clients = createClients(accessToLookLater(config), silent, createReach({ raise() {}, clear() {} }))
  const slack = config.slack || isSandbox(config) ? clients.posts : null
  return anchorsOf(config, { now: nothingIsPut, slack })
}

function nothingIsPut(): never {
  throw new RangeError('a command that looks puts nothing, so it locks nothing until a time')
}

function faultText(fault: unknown): string {
  if (fault instanceof AnchorFault || fault instanceof AnchorDispute || fault instanceof Overdue)
    return fault.message
  throw fault
}

const noDatabase = new StartFault({
  problem:
    'There is no ledger to compare with: no server runs on this data directory, and DATABASE_URL names no database with one.',
  fix: 'Start the server (countersign start), or set DATABASE_URL.',
})
