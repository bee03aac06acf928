import { useMemo } from 'react'
import type { Conversation, Snapshot } from '../wire.ts'
import { Composer } from './composer.tsx'
import { titleOf } from './conversation.tsx'
import { MessageList } from './messageList.tsx'
import { threadOf } from './reading.ts'
import { useFocusWhileOpen } from './useFocusWhileOpen.ts'
import type { Sandbox } from './useSandbox.ts'

interface ThreadProps {
  readonly conversation: Conversation
  readonly ts: string
  readonly snapshot: Snapshot
  readonly sandbox: Sandbox
  readonly onClose: () => void
}

/** The pane beside a conversation with one message and its replies. */
export function ThreadPane({ conversation, ts, snapshot, sandbox, onClose }: ThreadProps) {
  const all = snapshot.messages[conversation.id]
  const messages = useMemo(() => threadOf(all ?? [], ts), [all, ts])
  const as = snapshot.viewer
  const head = useFocusWhileOpen()

  const send = async (text: string) => {
    if (text.startsWith('/')) {
      const command = text.split(/\s/)[0]
      sandbox.tell(`${command} is not supported in threads. Slack has slash commands in conversations only.`)
      return false
    }
    const result = await sandbox.act({ act: 'post', as, conversation: conversation.id, text, threadTs: ts })
    return result.ok
  }

  return (
    <section className="thread" aria-label="Thread" data-testid="thread">
      <header className="pane-head">
        <h2 ref={head} tabIndex={-1}>
          Thread
        </h2>
        <span className="topic">{titleOf(conversation)}</span>
        <button type="button" className="icon-button" aria-label="Close thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <MessageList
        key={`${as} ${ts}`}
        label="Messages in the thread"
        messages={messages}
        conversation={conversation.id}
        act={sandbox.act}
        empty={<p>This thread is not visible to you.</p>}
      />
      <Composer snapshot={snapshot} placeholder="Reply…" testId="thread-composer" onSend={send} key={ts} />
    </section>
  )
}
