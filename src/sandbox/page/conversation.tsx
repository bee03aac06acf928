import { useMemo } from 'react'
import type { Conversation, Snapshot } from '../wire.ts'
import { Composer } from './composer.tsx'
import { FirstSteps } from './firstSteps.tsx'
import { MessageList } from './messageList.tsx'
import { topLevel } from './reading.ts'
import { GlobalShortcuts } from './shortcuts.tsx'
import type { Sandbox } from './useSandbox.ts'

interface ConversationProps {
  readonly conversation: Conversation
  readonly snapshot: Snapshot
  readonly sandbox: Sandbox
  readonly onThread: (ts: string) => void
}

/** A channel or a direct message: its messages and the composer. Threads are elsewhere. */
export function ConversationPane({ conversation, snapshot, sandbox, onThread }: ConversationProps) {
  const { act } = sandbox
  const as = snapshot.viewer
  const all = snapshot.messages[conversation.id]
  const messages = useMemo(() => topLevel(all ?? []), [all])
  const title = titleOf(conversation)

  const send = async (text: string) => {
    const result = text.startsWith('/')
      ? await act({ act: 'command', as, conversation: conversation.id, text })
      : await act({ act: 'post', as, conversation: conversation.id, text })
    return result.ok
  }

  return (
    <>
      <header className="pane-head">
        <h2 data-testid="conversation-title">{title}</h2>
        <span className="topic">{conversation.topic}</span>
        {conversation.kind === 'channel' && (
          <span className="count">{conversation.members.length} members</span>
        )}
      </header>
      <MessageList
        key={`${as} ${conversation.id}`}
        label={`Messages in ${title}`}
        messages={messages}
        conversation={conversation.id}
        act={act}
        onThread={onThread}
        empty={<Empty conversation={conversation} snapshot={snapshot} />}
      >
        <FirstSteps />
      </MessageList>
      <Composer
        snapshot={snapshot}
        placeholder={`Message ${title}`}
        testId="composer"
        onSend={send}
        key={conversation.id}
      >
        <GlobalShortcuts shortcuts={snapshot.shortcuts} viewer={as} act={act} />
      </Composer>
    </>
  )
}

export function titleOf(conversation: Conversation): string {
  return conversation.kind === 'channel' ? `#${conversation.name}` : conversation.name
}

function Empty({ conversation, snapshot }: { conversation: Conversation; snapshot: Snapshot }) {
  const command = snapshot.commands[0]?.command
  return (
    <>
      <p className="empty-title">Nothing here yet.</p>
      <p>
        {conversation.kind === 'channel'
          ? 'Send a request from the agent panel. If policy asks people in this channel, a card appears here.'
          : `${snapshot.app.name} writes here when somebody claims something in your name, when policy says to tell you that an approval was bypassed in an emergency, or when it cannot answer you where you clicked.`}
      </p>
      {command && (
        <p>
          Or type <code>{command}</code> to see what is waiting for you.
        </p>
      )}
    </>
  )
}
