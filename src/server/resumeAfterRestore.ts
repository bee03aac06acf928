import { randomInt, timingSafeEqual } from 'node:crypto'
import type { Anchor } from '../approvals/ledger/anchors/anchor.ts'
import { AnchorDispute, AnchorFault } from '../approvals/ledger/anchors/anchor.ts'
import { type Looked, lookAt, lookAtSaid, sharedWith } from '../approvals/ledger/anchors/lookAt.ts'
import { notRestorers } from '../approvals/ledger/resume/restorers.ts'
import { type FoundBehind, type Resumed, resumeLedger } from '../approvals/ledger/resume/resumeLedger.ts'
import { type TwoPeople, twoPeople } from '../approvals/ledger/resume/twoPeople.ts'
import { cut, revealLine } from '../card/text.ts'
import { isBeyond } from '../ledger/resumption.ts'
import { Overdue } from '../lifetime/limit.ts'
import { sendDecisionCode as inSlack } from '../slack/outbound/decisionCode.ts'
import { isTeams } from '../teams/address.ts'
import { sendDecisionCode as inTeams } from '../teams/outbound/decisionCode.ts'
import { type Parts, withParts } from './compose.ts'
import { type Config, isSandbox } from './config.ts'
import { silentAfterSeconds } from './ledgerAtStart.ts'
import { personClaim } from './personClaim.ts'
import { thisShell } from './shell.ts'
import { StartFault } from './startFault.ts'

export interface ResumeOptions {
  readonly by: string
  readonly second: string
  readonly reason: string
}

/** Where the command is given. */
export interface Terminal {
  readonly say: (line: string) => void
  /** The line that somebody types. */
  readonly ask: (question: string) => Promise<string>
}

const codeMinutes = 15
const tries = 3

/**
 * Lets the ledger go on from a restored database, when two people agree. No server serves then, so nobody can press a button: each gets a
 * code in a direct message, and who has typed both codes has asked both. The one who gives the command types theirs; the other one
 * gives theirs only if they agree.
 *
 * @throws StartFault when there is nothing to resume, an anchor does not answer, a server is at work, or a code is wrong; Refusal when the
 *   two are one person
 */
export function resumeAfterRestore(
  config: Config,
  options: ResumeOptions,
  terminal: Terminal,
): Promise<Resumed> {
  if (isSandbox(config)) throw inSandbox(config)
  return withParts(config, async (parts) => {
    await refuseWhileServed(parts)
    const { found, size } = await foundBehind(parts)
    const claims = { by: personClaim(options.by), second: personClaim(options.second) }
    const people = await restorers(parts, claims)
    terminal.say(
      `${found.anchor} has a checkpoint of ${found.origin} with ${found.size} entries. This database has ${size}, of which ${found.shared} are certainly the same.`,
    )
    await agree(parts, { people, found, size, reason: options.reason }, terminal)
    // Judged when it takes effect: who has left since, or was joined with the other, has not decided it.
    const still = await restorers(parts, claims)
    return resumeLedger(
      { ports: parts.ports, ledger: parts.store.resumption },
      {
        ...still,
        found,
        reason: options.reason,
        shell: thisShell(),
        agreed: 'a code in a direct message to each',
      },
    )
  })
}

/** Two people who are not one, and whom the policy of this database names. */
async function restorers({ ports }: Parts, claims: Parameters<typeof twoPeople>[1]): Promise<TwoPeople> {
  const people = await twoPeople(ports, claims)
  const others = await notRestorers(ports, people)
  if (others.length === 0) return people
  throw new StartFault({
    problem: `The policy that is active in this database does not let ${others.join(' and ')} decide this: they are not among its restorers.`,
    fix: 'Let two of those decide it whom bundle.yaml names under restorers: docs/operations.md, "A restored backup".',
  })
}

function inSandbox({ dataDir }: Pick<Config, 'dataDir'>): StartFault {
  return new StartFault({
    problem:
      'In the sandbox nobody can be asked while its server does not run, and two people have to decide this.',
    fix: `Nothing is at stake there: begin anew with another DATA_DIR, or remove the directory anchors in ${dataDir}.`,
  })
}

async function refuseWhileServed({ store }: Parts): Promise<void> {
  const alive = (await store.store.replicas()).filter(
    ({ silentSeconds }) => silentSeconds < silentAfterSeconds,
  )
  if (alive.length === 0) return
  throw new StartFault({
    problem: `Countersign is at work on this database: ${alive.map(({ name }) => name).join(', ')}.`,
    fix: 'Stop every server, wait ten seconds, and run this again.',
  })
}

/** The newest checkpoint that left the house, of all anchors that can be read. Each of them has to answer: what it has may be newer. */
async function foundBehind(parts: Parts): Promise<{ readonly found: FoundBehind; readonly size: number }> {
  const { anchored } = parts.store
  const here = (await anchored.tree())?.here
  if (!here) throw new StartFault(nothingToResume)
  const looks: { readonly anchor: Pick<Anchor, 'name'>; readonly looked: Looked; readonly shared: number }[] =
    []
  for (const anchor of parts.anchors) {
    const { newest } = anchor
    if (!newest) continue
    try {
      const looked = await lookAt({ newest }, anchored)
      if (!looked.anchored && looked.strange !== null) throw new AnchorFault(looked.strange)
      looks.push({ anchor, looked, shared: await sharedWith({ newest }, anchored) })
    } catch (fault) {
      throw silentAnchor(anchor, fault)
    }
  }
  const said = await anchored.behind()
  const looked = said && (await lookAtSaid(said, anchored))
  if (said && looked) looks.push({ anchor: { name: said.anchor }, looked, shared: 0 })
  const behind = looks.filter(({ looked }) => looked.standing !== 'goes on')
  const [last] = behind.sort((a, b) => newerFirst(a.looked, b.looked))
  if (!last?.looked.anchored) throw new StartFault(nothingToResume)
  const { checkpoint, text } = last.looked.anchored
  const found = {
    ...{ anchor: last.anchor.name, checkpoint: text, origin: checkpoint.origin, size: checkpoint.size },
    shared: Math.max(...looks.map(({ shared }) => shared)),
  }
  if (!isBeyond(found, { first: here.first, before: here.origin, shared: found.shared }))
    throw new StartFault({
      problem: `${found.anchor} has a checkpoint of ${found.origin} with ${found.size} entries that do not stand in this database, and no backup explains that: ${found.shared} entries are certainly the same, under the name ${here.origin}.`,
      fix: 'Find out which of the anchors or the database was changed: docs/operations.md, "A restored backup". A ledger that goes on from here could not be verified.',
    })
  return { found, size: here.size }
}

function newerFirst(a: Looked, b: Looked): number {
  const [one, other] = [a.anchored, b.anchored]
  if (!one || !other) return one ? -1 : 1
  return other.generation - one.generation || other.checkpoint.size - one.checkpoint.size
}

const nothingToResume = {
  problem: 'This database goes on from every checkpoint that the anchors have: there is nothing to resume.',
  fix: 'Start the server (countersign start).',
}

function silentAnchor({ name }: Anchor, fault: unknown): unknown {
  const isTheirs = fault instanceof AnchorFault || fault instanceof AnchorDispute || fault instanceof Overdue
  if (!isTheirs) return fault
  return new StartFault({
    problem: `The anchor ${name} does not say what it has (${fault.message}), and it may have the newest checkpoint.`,
    fix: 'Let it answer, or take it out of ANCHORS_FILE for this command.',
  })
}

interface Asking {
  readonly people: TwoPeople
  readonly found: FoundBehind
  readonly size: number
  readonly reason: string
}

/** Both codes are sent before either is asked for. */
async function agree(parts: Parts, asking: Asking, { say, ask }: Terminal): Promise<void> {
  const { by, second } = asking.people
  const codes = { by: newCode(), second: newCode() }
  const send = (account: string, lines: readonly string[]) =>
    sendCode(parts, { account, lines }).catch((cause: unknown) => {
      throw new StartFault({
        problem: `${cause instanceof Error ? cause.message : cause}, so nobody can decide this.`,
        fix: 'Run "countersign doctor" to see what is missing, and try again.',
      })
    })
  await send(by.account.key, linesFor(asking, { code: codes.by, isSecond: false }))
  await send(second.account.key, linesFor(asking, { code: codes.second, isSecond: true }))
  const { ports } = parts
  const until = ports.clock().getTime() + codeMinutes * 60_000
  say(
    `A code was sent to ${by.account.name} and another to ${second.account.name}, in direct messages. They work for ${codeMinutes} minutes.`,
  )
  for (const [name, code] of [
    [by.account.name, codes.by],
    [second.account.name, codes.second],
  ] as const)
    await typed(code, { ask, name, isOver: () => ports.clock().getTime() >= until })
}

/** In the channel that the account is of. @throws Error with what it says */
async function sendCode(
  { slack, teams }: Pick<Parts, 'slack' | 'teams'>,
  message: { readonly account: string; readonly lines: readonly string[] },
): Promise<void> {
  if (teams && isTeams(message.account)) return inTeams(teams.connector, message)
  if (slack) return inSlack(slack.clients.posts, message)
  throw new Error(`${message.account} is in no channel that is configured`)
}

async function typed(
  code: string,
  by: { readonly ask: Terminal['ask']; readonly name: string; readonly isOver: () => boolean },
): Promise<void> {
  for (let nth = 0; nth < tries; nth += 1) {
    const answer = (await by.ask(`The code of ${by.name}: `)).replace(/\D/g, '')
    if (by.isOver()) break
    if (answer.length === code.length && timingSafeEqual(Buffer.from(answer), Buffer.from(code))) return
  }
  throw new StartFault({
    problem: `The code of ${by.name} was not given, so nothing was changed.`,
    fix: 'Run it again: both get new codes.',
  })
}

function newCode(): string {
  return String(randomInt(10_000_000, 100_000_000))
}

function linesFor(
  { people: { by, second }, found, size, reason }: Asking,
  { code, isSecond }: { readonly code: string; readonly isSecond: boolean },
): readonly string[] {
  const { user, host } = thisShell()
  const name = (person: TwoPeople['by']) => cut(revealLine(person.account.name), 80)
  return [
    `Countersign does not serve: its database is older than its ledger. A checkpoint with ${found.size} entries has left the house (${found.anchor}); the database has ${size}.`,
    isSecond
      ? `${name(by)} asks you to decide that the ledger goes on from this database. What was recorded and is not in it is lost, and the ledger shows the gap for ever, with both your names.`
      : `Somebody at a shell (${user} on ${host}) says in your name that the ledger is to go on from this database. What was recorded and is not in it is lost, and the ledger shows the gap for ever, with your name and that of ${name(second)}, who has to agree.`,
    `Reason: ${cut(revealLine(reason), 300)}`,
    isSecond
      ? `If you agree, tell ${name(by)} this code: ${code}. If you do not, give it to nobody.`
      : `If this was you, type this code there: ${code}. If it was not, give it to nobody, and tell Security.`,
  ]
}
