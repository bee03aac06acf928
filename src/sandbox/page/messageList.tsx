import type { ReactNode } from 'react'
import type { ActResult, MemberAct, Message } from '../wire.ts'
import { dayName, tsToMs } from './clock.ts'
import { MessageRow } from './message.tsx'
import { useStickToEnd } from './useStickToEnd.ts'

interface MessageListProps {
  /** What the list is of, for whoever does not see where it stands. */
  readonly label: string
  readonly messages: readonly Message[]
  readonly conversation: string
  readonly act: (act: MemberAct) => Promise<ActResult>
  readonly onThread?: (ts: string) => void
  readonly empty: ReactNode
  /** Scrolls with the messages, above them. */
  readonly children?: ReactNode
}

const sameBreathMs = 5 * 60_000

/**
 * Oldest first, with a line between days. Stays at the end while the reader is at the end. What arrives is announced;
 * give it a `key` per conversation and viewer, or another conversation would be read out as if it had arrived.
 */
export function MessageList(props: MessageListProps) {
  const { label, messages, conversation, act, onThread, empty, children } = props
  const list = useStickToEnd(conversation)
  const now = Date.now()

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse, it is scrolled when it has the focus
    <section className="messages" ref={list} data-testid="messages" aria-label={label} tabIndex={0}>
      {children}
      <div className="log" role="log" aria-label="Messages">
        {messages.length === 0 && <div className="empty">{empty}</div>}
        {messages.map((message, index) => {
          const before = messages[index - 1]
          const day = dayName(tsToMs(message.ts), now)
          const newDay = !before || dayName(tsToMs(before.ts), now) !== day
          return (
            <div key={message.ts}>
              {newDay && (
                <div className="day">
                  <span>{day}</span>
                </div>
              )}
              <MessageRow
                message={message}
                conversation={conversation}
                continues={!newDay && continues(before, message)}
                act={act}
                {...(onThread && { onThread: () => onThread(message.threadTs ?? message.ts) })}
              />
            </div>
          )
        })}
      </div>
    </section>
  )
}

function continues(before: Message | undefined, message: Message): boolean {
  if (!before || before.user !== message.user || before.ephemeral || before.deleted) return false
  // A card stands for itself: its header must not look like the tail of another message.
  if (before.blocks.length > 0 || message.blocks.length > 0) return false
  return tsToMs(message.ts) - tsToMs(before.ts) < sameBreathMs
}
