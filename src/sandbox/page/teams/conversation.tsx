import { useEffect, useMemo } from 'react'
import type { TeamsAct, TeamsActResult, TeamsConversation, TeamsSnapshot } from '../../teams/wire.ts'
import { teams } from '../api.ts'
import { useFocusWhileOpen } from '../useFocusWhileOpen.ts'
import type { Live } from '../useSandbox.ts'
import { Composer } from './composer.tsx'
import { MessageList } from './messageList.tsx'
import { threadOf, topLevel } from './reading.ts'

export type LiveTeams = Live<TeamsSnapshot, TeamsAct, TeamsActResult>

interface PaneProps {
  readonly conversation: TeamsConversation
  readonly snapshot: TeamsSnapshot
  readonly live: LiveTeams
}

/** A channel, or the chat with the app: its messages and where one writes. */
export function ConversationPane({
  conversation,
  snapshot,
  live,
  onThread,
}: PaneProps & { onThread: (id: string) => void }) {
  const { id, kind, name, team, topic, members } = conversation
  const all = snapshot.messages[id]
  const messages = useMemo(() => topLevel(all ?? []), [all])
  const isChannel = kind === 'channel'
  useLooking(conversation, snapshot)

  return (
    <>
      <header className="pane-head">
        <h2 data-testid="conversation-title">{name}</h2>
        <span className="topic">{isChannel ? [team, topic].filter(Boolean).join(' · ') : 'Chat'}</span>
        {isChannel && <span className="count">{members.length} members</span>}
      </header>
      <MessageList
        key={`${snapshot.viewer} ${id}`}
        label={`Messages in ${name}`}
        messages={messages}
        conversation={id}
        snapshot={snapshot}
        act={live.act}
        {...(isChannel && { onThread })}
        empty={<Empty conversation={conversation} app={snapshot.app.name} />}
      />
      <Composer
        key={id}
        placeholder={isChannel ? `Start a post in ${name}` : `Message ${name}`}
        testId="composer"
        mention={isChannel ? snapshot.app.name : null}
        onSend={async (text) =>
          (await live.act({ act: 'write', as: snapshot.viewer, conversation: id, text })).ok
        }
      />
    </>
  )
}

/** Beside a channel: one post and its replies. */
export function ThreadPane({
  conversation,
  snapshot,
  live,
  root,
  onClose,
}: PaneProps & { root: string; onClose: () => void }) {
  const { id, name } = conversation
  const all = snapshot.messages[id]
  const messages = useMemo(() => threadOf(all ?? [], root), [all, root])
  const head = useFocusWhileOpen()
  return (
    <section className="thread" aria-label="Thread" data-testid="thread">
      <header className="pane-head">
        <h2 ref={head} tabIndex={-1}>
          Thread
        </h2>
        <span className="topic">{name}</span>
        <button type="button" className="icon-button" aria-label="Close thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <MessageList
        key={`${snapshot.viewer} ${root}`}
        label="Messages in the thread"
        messages={messages}
        conversation={id}
        snapshot={snapshot}
        act={live.act}
        empty={<p>This thread is not visible to you.</p>}
      />
      <Composer
        key={root}
        placeholder="Reply"
        testId="thread-composer"
        mention={snapshot.app.name}
        onSend={async (text) =>
          (await live.act({ act: 'write', as: snapshot.viewer, conversation: id, text, root })).ok
        }
      />
    </section>
  )
}

/** Cards that come into sight are asked for anew by the client, once for each change; what goes wrong there nobody sees. */
function useLooking({ id }: TeamsConversation, snapshot: TeamsSnapshot): void {
  const { viewer } = snapshot
  const seen = (snapshot.messages[id] ?? []).map((message) => `${message.id}.${message.version}`).join(' ')
  useEffect(() => {
    if (seen !== '') void teams.perform({ act: 'look', as: viewer, conversation: id })
  }, [viewer, id, seen])
}

function Empty({ conversation, app }: { readonly conversation: TeamsConversation; readonly app: string }) {
  if (conversation.kind === 'chat') {
    return (
      <>
        <p className="empty-title">Nothing here yet.</p>
        <p>
          {app} writes here when something is for you alone. Write <code>list</code> to see what is waiting
          for you, or <code>help</code>.
        </p>
      </>
    )
  }
  return (
    <>
      <p className="empty-title">Nothing here yet.</p>
      <p>Send a request from the agent panel. If policy asks people in this channel, a card appears here.</p>
      <p>
        Or write <code>@{app} list</code> to see what is waiting for you.
      </p>
    </>
  )
}
