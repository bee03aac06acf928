import { useCallback, useState } from 'react'
import type { ActResult, MemberAct, Message } from '../wire.ts'
import { Avatar } from './avatar.tsx'
import { Blocks } from './blocks/blocks.tsx'
import { Boundary } from './blocks/boundary.tsx'
import { Mrkdwn } from './blocks/inline.tsx'
import { type Press, SurfaceProvider } from './blocks/surface.tsx'
import type { Entries } from './blocks/viewState.ts'
import { clockTime, tsToMs } from './clock.ts'
import { usePeople } from './people.tsx'
import { MessageShortcuts } from './shortcuts.tsx'

interface MessageProps {
  readonly message: Message
  readonly conversation: string
  /** The message before it is by the same author and close in time: no second face. */
  readonly continues: boolean
  readonly act: (act: MemberAct) => Promise<ActResult>
  /** Opens its thread; absent inside a thread. */
  readonly onThread?: () => void
}

/** One message: who, when, what, and what became of it. */
export function MessageRow({ message, conversation, continues, act, onThread }: MessageProps) {
  const people = usePeople()
  const author = people.members.get(message.user)
  const time = clockTime(tsToMs(message.ts))
  const quiet = continues && !message.ephemeral

  return (
    <article
      className={`message${quiet ? ' continues' : ''}${message.ephemeral ? ' ephemeral' : ''}`}
      data-testid="message"
      data-ts={message.ts}
      data-ephemeral={message.ephemeral}
      data-keeps-focus=""
      tabIndex={-1}
      // What only the viewer was told is said by PrivateNews, wherever the viewer is.
      aria-live={message.ephemeral ? 'off' : undefined}
      aria-label={`${author?.realName ?? message.user}, ${time}`}
    >
      <div className="gutter">
        {quiet ? <time className="hover-time">{time}</time> : <Avatar member={author} />}
      </div>
      <div className="message-main">
        {!quiet && (
          <div className="byline">
            <strong>{author?.realName ?? message.user}</strong>
            {author?.bot && <span className="app-badge">APP</span>}
            <time title={new Date(tsToMs(message.ts)).toLocaleString('en-GB')}>{time}</time>
            {message.ephemeral && <span className="only-you">Only visible to you</span>}
          </div>
        )}
        <Boundary what="message">
          <Body message={message} conversation={conversation} act={act} />
        </Boundary>
        {message.replies > 0 && onThread && (
          <button type="button" className="replies" data-testid="thread-link" onClick={onThread}>
            {message.replies === 1 ? '1 reply' : `${message.replies} replies`}
          </button>
        )}
      </div>
      {!message.ephemeral && !message.deleted && (
        <div className="hover-tools">
          {onThread && (
            <button type="button" className="reply" aria-label="Reply in thread" onClick={onThread}>
              Reply
            </button>
          )}
          <MessageShortcuts
            shortcuts={people.shortcuts}
            viewer={people.viewer}
            act={act}
            at={{ conversation, ts: message.ts }}
          />
        </div>
      )}
    </article>
  )
}

function Body({ message, conversation, act }: Pick<MessageProps, 'message' | 'conversation' | 'act'>) {
  const [entries, setEntries] = useState<Entries>({})
  const { viewer } = usePeople()
  const onPress = useCallback(
    (press: Press) => act({ act: 'press', as: viewer, at: { conversation, ts: message.ts }, ...press }),
    [act, viewer, conversation, message.ts],
  )

  if (message.deleted) return <p className="deleted">This message was deleted.</p>
  return (
    <div className="body">
      {message.blocks.length > 0 ? (
        <SurfaceProvider blocks={message.blocks} entries={entries} onEntries={setEntries} onPress={onPress}>
          <Blocks blocks={message.blocks} />
        </SurfaceProvider>
      ) : (
        <div className="block">
          <Mrkdwn text={message.text} />
        </div>
      )}
      {message.edited && <span className="edited">(edited)</span>}
    </div>
  )
}
