import { useCallback } from 'react'
import type { TeamsSnapshot } from '../../teams/wire.ts'
import { AgentPanel } from '../agentPanel/panel.tsx'
import { teams } from '../api.ts'
import { Frame, Loading, type Shown } from '../frame.tsx'
import { PrivateNews } from '../privateNews.tsx'
import { Toasts } from '../toasts.tsx'
import { useReading } from '../useReading.ts'
import { useLive } from '../useSandbox.ts'
import { ConversationPane, type LiveTeams, ThreadPane } from './conversation.tsx'
import { cardPlace, newestIn, newestPrivate, openFor, titleOf } from './reading.ts'
import { Sidebar } from './sidebar.tsx'
import { TaskDialog } from './taskDialog.tsx'

/** The local Teams. */
export function TeamsApp({ cast, place, go, turn, column, setColumn, requests }: Shown) {
  const first = cast.teams[0]?.id ?? null
  const viewer = place.as ?? first
  const becomeFirst = useCallback(() => {
    if (first) go({ as: first, open: null, thread: null })
  }, [first, go])
  const live = useLive(teams, viewer, becomeFirst)
  const { snapshot } = live
  const open = snapshot ? openFor(place.open, snapshot) : null
  const readTo = useReading(snapshot?.viewer ?? '', open, snapshot && open ? newestIn(open, snapshot) : '')
  const show = useCallback(
    (next: string) => {
      go({ as: viewer, open: next, thread: null })
      setColumn('chat')
    },
    [go, setColumn, viewer],
  )

  if (!snapshot || open === null) return <Loading />
  const me = snapshot.people.find(({ id }) => id === snapshot.viewer)
  const toasts = <Toasts toasts={live.toasts} onDismiss={live.dismiss} />
  return (
    <>
      <Frame via="teams" {...{ column, setColumn }}>
        <Sidebar
          {...{ snapshot, open, readTo }}
          onOpen={show}
          onBecome={(person) => go({ as: person, open })}
          onVia={(via) => turn(via, me?.name ?? '')}
        />
        <main className="main">
          <h1 className="visually-hidden">Countersign sandbox</h1>
          <Middle {...{ snapshot, live, open }} thread={place.thread} onThread={(thread) => go({ thread })} />
          <PrivateNews viewer={snapshot.viewer} newest={newsIn(snapshot)} />
        </main>
        <AgentPanel
          {...{ cast, requests, snapshot }}
          cardOf={(request) => placeOf(request, snapshot)}
          onShow={show}
        />
      </Frame>
      {snapshot.dialog ? (
        <TaskDialog key={snapshot.dialog.id} dialog={snapshot.dialog} as={snapshot.viewer} act={live.act}>
          {toasts}
        </TaskDialog>
      ) : (
        toasts
      )}
    </>
  )
}

interface MiddleProps {
  readonly snapshot: TeamsSnapshot
  readonly live: LiveTeams
  readonly open: string
  readonly thread: string | null
  readonly onThread: (thread: string | null) => void
}

/** The open conversation, and the open thread beside it. */
function Middle({ snapshot, live, open, thread, onThread }: MiddleProps) {
  const conversation = snapshot.conversations.find(({ id }) => id === open)
  const besides = conversation?.kind === 'channel' ? thread : null
  return (
    <div className={besides ? 'workspace-main with-thread' : 'workspace-main'}>
      <div className="pane" data-keeps-focus="" tabIndex={-1}>
        {!live.connected && (
          <div className="banner" role="status">
            The sandbox server does not answer. Trying again…
          </div>
        )}
        {conversation ? (
          <ConversationPane {...{ conversation, snapshot, live, onThread }} />
        ) : (
          <NotHere snapshot={snapshot} />
        )}
      </div>
      {conversation && besides && (
        <ThreadPane {...{ conversation, snapshot, live }} root={besides} onClose={() => onThread(null)} />
      )}
    </div>
  )
}

function NotHere({ snapshot }: { readonly snapshot: TeamsSnapshot }) {
  const me = snapshot.people.find(({ id }) => id === snapshot.viewer)
  const name = me?.name ?? 'This person'
  return (
    <section className="messages">
      <div className="empty">
        <p className="empty-title">
          {me?.enabled === false ? `${name}’s account is disabled.` : `${name} cannot see this conversation.`}
        </p>
        <p>
          {me?.enabled === false
            ? 'Teams no longer lets anybody in with it. Become somebody else.'
            : 'Choose another one, or become somebody who is in it.'}
        </p>
      </div>
    </section>
  )
}

function newsIn(snapshot: TeamsSnapshot) {
  const newest = newestPrivate(snapshot)
  return newest && { ts: newest.id, said: newest.text }
}

function placeOf(request: string, snapshot: TeamsSnapshot) {
  const found = cardPlace(request, snapshot)
  return found && { id: found.id, title: titleOf(found) }
}
