import type { ReactNode } from 'react'
import type { TeamsAct, TeamsActResult, TeamsMessageSeen, TeamsSnapshot } from '../../teams/wire.ts'
import { dayName } from '../clock.ts'
import { useStickToEnd } from '../useStickToEnd.ts'
import { MessageRow } from './message.tsx'

interface MessageListProps {
  readonly label: string
  readonly messages: readonly TeamsMessageSeen[]
  readonly conversation: string
  readonly snapshot: TeamsSnapshot
  readonly act: (act: TeamsAct) => Promise<TeamsActResult>
  readonly onThread?: (id: string) => void
  readonly empty: ReactNode
}

/** Oldest first, with a line between days. Give it a `key` per conversation and viewer: what arrives is announced. */
export function MessageList(props: MessageListProps) {
  const { label, messages, conversation, snapshot, act, onThread, empty } = props
  const list = useStickToEnd(conversation)
  const now = Date.now()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse, it is scrolled when it has the focus
    <section className="messages" ref={list} data-testid="messages" aria-label={label} tabIndex={0}>
      <div className="log" role="log" aria-label="Messages">
        {messages.length === 0 && <div className="empty">{empty}</div>}
        {messages.map((message, index) => {
          const before = messages[index - 1]
          const day = dayName(Number(message.id), now)
          return (
            <div key={message.id}>
              {(!before || dayName(Number(before.id), now) !== day) && (
                <div className="day">
                  <span>{day}</span>
                </div>
              )}
              <MessageRow
                {...{ message, conversation, snapshot, act }}
                {...(onThread && { onThread: () => onThread(message.root ?? message.id) })}
              />
            </div>
          )
        })}
      </div>
    </section>
  )
}
