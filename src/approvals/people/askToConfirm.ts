import {
  type Asked,
  type AskedAs,
  type Confirmable,
  type Confirmation,
  subjectOf,
  unanswered,
} from '../../core/confirmation.ts'
import type { Account, PersonId } from '../../core/identity.ts'
import type { Entry, NewEntry } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { type Job, jobKey } from '../job.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { saidBy, type Word } from './word.ts'

/** Milliseconds for which a claim can be confirmed. */
const openFor = 24 * 3_600_000

/** Somebody who is to be asked, at the account by which they were named. */
export interface ToAsk {
  readonly person: PersonId
  readonly account: Pick<Account, 'key' | 'name'>
  readonly as: AskedAs
}

/** A claim, as it is written down before anybody is asked. */
export function newConfirmation(
  ports: Ports,
  what: Confirmable,
  by: { readonly word: Word; readonly asked: readonly ToAsk[] },
): Confirmation {
  const now = ports.clock()
  return {
    id: ports.ids.next('cnf'),
    version: 1,
    what,
    asked: by.asked.map(
      ({ person, account, as }): Asked => ({
        person,
        account: account.key,
        name: account.name,
        as,
        answer: null,
        message: null,
      }),
    ),
    shell: by.word.shell ?? unknownShell,
    via: by.word.via,
    state: 'waiting',
    createdAt: now.toISOString(),
    until: new Date(now.getTime() + openFor).toISOString(),
  }
}

const unknownShell = { user: 'unknown', host: 'unknown' } as const

/** What is committed with it, in the same change: its entry, the messages, and the end of its time. */
export function asking(
  ports: Ports,
  confirmation: Confirmation,
): Required<Pick<Change, 'confirmations' | 'entries' | 'jobs'>> {
  const { id, until, via, shell } = confirmation
  const said = saidBy({ via, shell }, { confirmation, operatorKey: null })
  return {
    confirmations: [{ expected: null, next: confirmation }],
    entries: [
      confirmationEntry(ports, confirmation, {
        type: 'confirmation.asked',
        actor: { kind: 'system', id: 'operator', via },
        data: { ...said.data, asked: unanswered(confirmation).map(({ account }) => account), until },
        kept: said.kept,
      }),
    ],
    jobs: [
      { task: 'confirm', confirmation: id },
      { task: 'lapse', confirmation: id, at: until },
    ],
  }
}

/** A claim that waits no longer because what it was about is gone: its buttons go. */
export function dropped(
  waiting: readonly Confirmation[],
): Required<Pick<Change, 'confirmations' | 'jobs' | 'dropJobs'>> {
  const open = waiting.filter(({ state }) => state === 'waiting')
  return {
    confirmations: open.map((one) => ended(one, 'dropped')),
    jobs: open.map(({ id }): Job => ({ task: 'confirm', confirmation: id })),
    dropJobs: open.map(({ id }) => jobKey({ task: 'lapse', confirmation: id, at: '' })),
  }
}

/** The claim in the state that it ends in. */
export function ended(before: Confirmation, state: Confirmation['state']) {
  return { expected: before.version, next: { ...before, version: before.version + 1, state } }
}

/** An entry about a claim. Its subject is what was claimed, so that a story of an agent or a person has it. */
export function confirmationEntry(
  ports: Ports,
  { id, what }: Confirmation,
  saying: Omit<Parameters<typeof newEntry>[1], 'subject'>,
): NewEntry {
  const kind: Entry['subject']['kind'] = what.kind === 'key' || what.kind === 'owner' ? 'agent' : 'person'
  return newEntry(ports, {
    ...saying,
    subject: { kind, id: subjectOf(what) },
    data: { confirmation: id, kind: what.kind, about: aboutOf(what), ...saying.data },
  })
}

function aboutOf(what: Confirmable): Readonly<Record<string, string | boolean>> {
  const { kind: _kind, ...about } = what
  if (what.kind === 'policy')
    return { author: what.author, files: what.files, base: what.base, name: what.name }
  if (what.kind === 'unlink') return { author: what.author, account: what.account }
  if (what.kind === 'erase') return { author: what.author, what: what.what, id: what.id }
  if (what.kind === 'resume') return { author: what.author, stop: what.stop }
  return about as Readonly<Record<string, string | boolean>> // none of these has anything else
}

/** Those jobs whose work is over, when an answer ends the claim. */
export function lapseKey({ id }: Confirmation): string {
  return jobKey({ task: 'lapse', confirmation: id, at: '' })
}
