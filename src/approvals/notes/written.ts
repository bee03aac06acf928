import type { Note } from '../../core/note.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import type { Change, Put } from '../change.ts'
import type { Job } from '../job.ts'
import { requestEntry, type Saying } from '../newEntry.ts'
import type { Colleague } from '../people/eligibility.ts'
import type { PersonAttempt } from '../personCommand.ts'
import type { Ports } from '../ports.ts'
import { refreshJob } from '../settle.ts'

/** What is committed when somebody says something: the request with it, its entry, and that its cards show it. */
export interface Written extends Change {
  readonly request: Put<ActionRequest>
  readonly entries: readonly NewEntry[]
  readonly jobs: readonly Job[]
}

/** A note of a person, by an attempt of theirs. */
export function writtenByPerson(
  ports: Ports,
  request: ActionRequest,
  by: {
    readonly colleague: Colleague
    readonly attempt: PersonAttempt
    readonly note: Pick<Note, 'kind' | 'text' | 'to'>
  },
): Written {
  const { colleague, attempt, note } = by
  const { person, account } = colleague
  return written(ports, request, {
    note: { ...note, by: person, account: account.key },
    actor: { kind: 'person', id: person, account: account.key, via: attempt.via },
    data: { card: attempt.card, delivery: attempt.delivery },
    identity: { ...account },
  })
}

/** A note of the agent that asked. */
export function writtenByAgent(
  ports: Ports,
  request: ActionRequest,
  by: { readonly via: string; readonly text: string; readonly to: string },
): Written {
  const { via, text, to } = by
  return written(ports, request, {
    note: { kind: 'answer', text, to, by: 'agent', account: null },
    actor: { kind: 'agent', id: request.agent.id, via },
  })
}

interface Words extends Pick<Saying, 'actor' | 'data'> {
  readonly note: Omit<Note, 'id' | 'at'>
  readonly identity?: NonNullable<Saying['kept']>[string]
}

function written(
  ports: Ports,
  request: ActionRequest,
  { note: said, actor, data, identity }: Words,
): Written {
  const note: Note = { id: ports.ids.next('note'), ...said, at: ports.clock().toISOString() }
  const next = { ...request, version: request.version + 1, notes: [...(request.notes ?? []), note] }
  const entry = requestEntry(ports, next, {
    type: 'note.written',
    actor,
    data: { note: note.id, kind: note.kind, ...(note.to !== undefined && { to: note.to }), ...data },
    kept: { identity, note: note.text },
  })
  const question: readonly Job[] =
    note.kind === 'question' ? [{ task: 'question', request: request.id, note: note.id }] : []
  return {
    request: { expected: request.version, next },
    entries: [entry],
    jobs: [...refreshJob(next), ...question],
  }
}
