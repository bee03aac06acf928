import { useCallback, useState } from 'react'
import type { TeamsAct, TeamsActResult, TeamsMessageSeen, TeamsSnapshot } from '../../teams/wire.ts'
import { Avatar } from '../avatar.tsx'
import { Boundary } from '../blocks/boundary.tsx'
import { clockTime } from '../clock.ts'
import { CardView, type Pressed } from './card.tsx'
import { faceOf } from './reading.ts'

interface MessageProps {
  readonly message: TeamsMessageSeen
  readonly conversation: string
  readonly snapshot: TeamsSnapshot
  readonly act: (act: TeamsAct) => Promise<TeamsActResult>
  /** Opens its thread; absent inside a thread and in a chat. */
  readonly onThread?: () => void
}

/** One message: who, when, what, and what the app said to whoever pressed something in it. */
export function MessageRow({ message, conversation, snapshot, act, onThread }: MessageProps) {
  const person = snapshot.people.find(({ id }) => id === message.from)
  const isApp = message.from === null
  const name = isApp ? snapshot.app.name : (person?.name ?? 'Somebody')
  const time = clockTime(Number(message.id))
  const face = person ? faceOf(person) : { name, realName: name, color: '#0f5f56', bot: isApp }

  return (
    <article
      className={`message post${message.onlyYou ? ' ephemeral' : ''}`}
      data-testid="message"
      data-id={message.id}
      data-ephemeral={message.onlyYou}
      data-keeps-focus=""
      tabIndex={-1}
      // What only the viewer was told is said by PrivateNews, wherever the viewer is.
      aria-live={message.onlyYou ? 'off' : undefined}
      aria-label={`${name}, ${time}`}
    >
      <div className="gutter">
        <Avatar member={face} size={32} />
      </div>
      <div className="message-main">
        <div className="byline">
          <strong>{name}</strong>
          {isApp && <span className="app-badge">APP</span>}
          <time title={new Date(Number(message.id)).toLocaleString('en-GB')}>{time}</time>
          {message.edited && !message.deleted && <span className="edited">Edited</span>}
          {message.onlyYou && <span className="only-you">Only visible to you</span>}
        </div>
        <Boundary what="message">
          <Body {...{ message, conversation, act }} viewer={snapshot.viewer} app={snapshot.app.name} />
        </Boundary>
        {onThread && !message.deleted && !message.onlyYou && (
          <button type="button" className="replies" data-testid="thread-link" onClick={onThread}>
            {repliesIn(message.replies)}
          </button>
        )}
      </div>
    </article>
  )
}

function repliesIn(replies: number): string {
  if (replies === 0) return 'Reply'
  return replies === 1 ? '1 reply' : `${replies} replies`
}

interface BodyProps extends Pick<MessageProps, 'message' | 'conversation' | 'act'> {
  readonly viewer: string
  readonly app: string
}

function Body({ message, conversation, act, viewer, app }: BodyProps) {
  const [answer, setAnswer] = useState<TeamsActResult | null>(null)
  const onPress = useCallback<Pressed>(
    async (action, inputs) => {
      setAnswer(null)
      const result = await act({
        act: 'press',
        as: viewer,
        conversation,
        message: message.id,
        action,
        inputs,
      })
      setAnswer(result.said === undefined && result.ok ? null : result)
    },
    [act, viewer, conversation, message.id],
  )

  if (message.deleted) return <p className="deleted">This message was deleted.</p>
  return (
    <div className="body">
      {message.card ? (
        <CardView card={message.card} onPress={onPress} />
      ) : (
        <Written text={message.text} app={app} />
      )}
      {/* Teams shows an answer below the card, to whoever pressed. */}
      <div role="status" aria-label={`What ${app} answers`}>
        {answer !== null && (
          <p className={answer.ok ? 'card-said' : 'card-said wrong'} data-testid="card-said">
            <span className="only-you">Only visible to you</span>
            <span>{answer.said ?? answer.error}</span>
            <button
              type="button"
              className="icon-button"
              aria-label="Dismiss the answer"
              onClick={() => setAnswer(null)}
            >
              ✕
            </button>
          </p>
        )}
      </div>
    </div>
  )
}

/** What somebody wrote, with the app's name set off where it is meant. */
function Written({ text, app }: { readonly text: string; readonly app: string }) {
  const mention = `@${app}`
  const pieces = text.split(mention)
  return (
    <p className="written">
      {pieces.map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, which never change places
        <span key={index}>
          {index > 0 && <span className="mention">{app}</span>}
          {piece}
        </span>
      ))}
    </p>
  )
}
