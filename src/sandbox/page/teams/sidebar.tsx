import type { TeamsConversation, TeamsSnapshot } from '../../teams/wire.ts'
import { MemberSwitcher } from '../memberSwitcher.tsx'
import type { Via } from '../place.ts'
import { AuditLinks, ConversationLink, Group, Head } from '../sidebarParts.tsx'
import { faceOf, notesOn, unreadIn } from './reading.ts'

interface SidebarProps {
  readonly snapshot: TeamsSnapshot
  readonly open: string
  readonly readTo: (conversation: string) => string | undefined
  readonly onOpen: (place: string) => void
  readonly onBecome: (person: string) => void
  readonly onVia: (via: Via) => void
}

/** The left column: teams with their channels, the chat with the app, who you are. */
export function Sidebar({ snapshot, open, readTo, onOpen, onBecome, onVia }: SidebarProps) {
  const channels = snapshot.conversations.filter(({ kind }) => kind === 'channel')
  const chats = snapshot.conversations.filter(({ kind }) => kind === 'chat')
  const teams = [...new Set(channels.map(({ team }) => team))]
  const link = (conversation: TeamsConversation, face: string) => (
    <ConversationLink
      key={conversation.id}
      id={conversation.id}
      name={conversation.name}
      face={<span className="hash">{face}</span>}
      selected={open === conversation.id}
      unread={open === conversation.id ? 0 : unreadIn(conversation.id, snapshot, readTo(conversation.id))}
      onOpen={onOpen}
    />
  )
  return (
    <nav className="sidebar" aria-label="Teams">
      <Head name={snapshot.tenant.name} via="teams" onVia={onVia} />
      <div className="sidebar-scroll">
        {chats.length > 0 && <Group title="Chat">{chats.map((each) => link(each, '↳'))}</Group>}
        {teams.map((team) => (
          <Group key={team} title={team}>
            {channels.filter((each) => each.team === team).map((each) => link(each, '#'))}
          </Group>
        ))}
        <AuditLinks />
      </div>
      <MemberSwitcher
        people={snapshot.people.map(faceOf)}
        viewer={snapshot.viewer}
        notesOn={({ id }) => notesOn(id, snapshot)}
        onChoose={onBecome}
      />
    </nav>
  )
}
