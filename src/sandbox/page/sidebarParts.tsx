import type { ReactNode } from 'react'
import { Seal } from './avatar.tsx'
import type { Via } from './place.ts'

/** Whose workspace it is, that it is none of the real ones, and the way to the other one. */
export function Head({ name, via, onVia }: { name: string; via: Via; onVia: (via: Via) => void }) {
  return (
    <>
      <div className="workspace">
        <span className="workspace-mark">
          <Seal size={20} />
        </span>
        <strong>{name}</strong>
        <span className="sandbox-badge">Sandbox</span>
      </div>
      <fieldset className="vias">
        <legend className="visually-hidden">Where people are asked</legend>
        {vias.map(({ id, name: called }) => (
          <button
            key={id}
            type="button"
            className="via"
            data-testid={`via-${id}`}
            aria-pressed={via === id}
            onClick={() => onVia(id)}
          >
            {called}
          </button>
        ))}
      </fieldset>
      <p className="sandbox-note">
        A local {via === 'teams' ? 'Teams' : 'Slack'} on this machine. Nobody else sees it, and anyone here
        can be anyone.
      </p>
    </>
  )
}

const vias: readonly { readonly id: Via; readonly name: string }[] = [
  { id: 'slack', name: 'Slack' },
  { id: 'teams', name: 'Teams' },
]

export function AuditLinks() {
  return (
    <Group title="Audit">
      <AuditLink to="report" name="Report" note="of what happened" />
      <AuditLink to="verify" name="Verify the ledger" />
    </Group>
  )
}

export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="group">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** What an auditor gets, in a tab of its own. */
function AuditLink({ to, name, note }: { to: string; name: string; note?: string }) {
  return (
    <a className="conversation-link" href={to} target="_blank" rel="noreferrer" data-testid={`audit-${to}`}>
      <span className="hash">↗</span>
      <span className="conversation-name">{name}</span>
      {note && <small>{note}</small>}
    </a>
  )
}

interface ConversationLinkProps {
  readonly id: string
  readonly name: string
  readonly note?: string
  readonly face: ReactNode
  readonly selected: boolean
  readonly unread: number
  readonly onOpen: (id: string) => void
}

export function ConversationLink({ id, name, note, face, selected, unread, onOpen }: ConversationLinkProps) {
  return (
    <button
      type="button"
      className={unread > 0 ? 'conversation-link unread' : 'conversation-link'}
      data-testid={`conversation-${id}`}
      data-name={name}
      aria-current={selected ? 'page' : undefined}
      onClick={() => onOpen(id)}
    >
      {face}
      <span className="conversation-name">{name}</span>
      {note && <small>{note}</small>}
      {unread > 0 && (
        <span className="badge">
          {unread}
          <span className="visually-hidden"> unread</span>
        </span>
      )}
    </button>
  )
}
