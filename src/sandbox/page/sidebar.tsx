import type { ReactNode } from 'react'
import type { Conversation, Snapshot } from '../wire.ts'
import { Avatar, Seal } from './avatar.tsx'
import { MemberSwitcher } from './memberSwitcher.tsx'
import { homePlace } from './place.ts'
import { appConversation, unreadIn } from './reading.ts'

interface SidebarProps {
  readonly snapshot: Snapshot
  readonly open: string | null
  readonly readTo: (conversation: string) => string | undefined
  readonly onOpen: (place: string) => void
  readonly onBecome: (member: string) => void
}

/** The workspace's left column: what it is, where to go, who you are. */
export function Sidebar({ snapshot, open, readTo, onOpen, onBecome }: SidebarProps) {
  const app = appConversation(snapshot)
  const channels = snapshot.conversations.filter((each) => each.kind === 'channel')
  const directs = snapshot.conversations.filter((each) => each.kind === 'im' && each !== app)
  const link = (conversation: Conversation, face: ReactNode) => (
    <ConversationLink
      key={conversation.id}
      id={conversation.id}
      name={conversation.name}
      face={face}
      selected={open === conversation.id}
      unread={open === conversation.id ? 0 : unreadIn(conversation, snapshot, readTo(conversation.id))}
      onOpen={onOpen}
    />
  )

  return (
    <nav className="sidebar" aria-label="Workspace">
      <div className="workspace">
        <span className="workspace-mark">
          <Seal size={20} />
        </span>
        <strong>{snapshot.team.name}</strong>
        <span className="sandbox-badge">Sandbox</span>
      </div>
      <p className="sandbox-note">
        A local Slack on this machine. Nobody else sees it, and anyone here can be anyone.
      </p>
      <div className="sidebar-scroll">
        {channels.length > 0 && (
          <Group title="Channels">
            {channels.map((each) => link(each, <span className="hash">#</span>))}
          </Group>
        )}
        {directs.length > 0 && (
          <Group title="Direct messages">
            {directs.map((each) => link(each, <span className="hash">@</span>))}
          </Group>
        )}
        <Group title="Apps">
          <ConversationLink
            id={homePlace}
            name={snapshot.app.name}
            note="Home"
            face={
              <Avatar
                member={snapshot.members.find((member) => member.id === snapshot.app.botUserId)}
                size={20}
              />
            }
            selected={open === homePlace}
            unread={0}
            onOpen={onOpen}
          />
          {app && link({ ...app, name: 'Messages' }, <span className="hash">↳</span>)}
        </Group>
        <Group title="Audit">
          <AuditLink to="report" name="Report" note="of what happened" />
          <AuditLink to="verify" name="Verify the ledger" />
        </Group>
      </div>
      <MemberSwitcher snapshot={snapshot} onChoose={onBecome} />
    </nav>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
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

function ConversationLink({ id, name, note, face, selected, unread, onOpen }: ConversationLinkProps) {
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
