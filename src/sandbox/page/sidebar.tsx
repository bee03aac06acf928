import type { ReactNode } from 'react'
import type { Conversation, Snapshot } from '../wire.ts'
import { Avatar } from './avatar.tsx'
import { MemberSwitcher } from './memberSwitcher.tsx'
import { notesOn } from './people.tsx'
import { homePlace, type Via } from './place.ts'
import { appConversation, unreadIn } from './reading.ts'
import { AuditLinks, ConversationLink, Group, Head } from './sidebarParts.tsx'

interface SidebarProps {
  readonly snapshot: Snapshot
  readonly open: string | null
  readonly readTo: (conversation: string) => string | undefined
  readonly onOpen: (place: string) => void
  readonly onBecome: (member: string) => void
  readonly onVia: (via: Via) => void
}

/** The workspace's left column: what it is, where to go, who you are. */
export function Sidebar({ snapshot, open, readTo, onOpen, onBecome, onVia }: SidebarProps) {
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
      <Head name={snapshot.team.name} via="slack" onVia={onVia} />
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
        <AuditLinks />
      </div>
      <MemberSwitcher
        people={snapshot.members.filter((member) => !member.bot)}
        viewer={snapshot.viewer}
        notesOn={(person) => notesOn(person.id, snapshot)}
        onChoose={onBecome}
      />
    </nav>
  )
}
