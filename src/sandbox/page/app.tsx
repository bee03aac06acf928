import { useCallback, useEffect, useMemo, useState } from 'react'
import { AgentPanel } from './agentPanel/panel.tsx'
import { type Cast, fetchCast } from './api.ts'
import { Modals } from './modals.tsx'
import { PeopleProvider, peopleOf } from './people.tsx'
import { PrivateNews } from './privateNews.tsx'
import { openFor } from './reading.ts'
import { Sidebar } from './sidebar.tsx'
import { Toasts } from './toasts.tsx'
import { useKeptFocus } from './useKeptFocus.ts'
import { usePlace } from './usePlace.ts'
import { useReading } from './useReading.ts'
import { useSandbox } from './useSandbox.ts'
import { Workspace } from './workspace.tsx'

/** On a phone, one of the three columns at a time. */
type Column = 'places' | 'chat' | 'agent'

const columns: readonly { readonly id: Column; readonly name: string }[] = [
  { id: 'places', name: 'Workspace' },
  { id: 'chat', name: 'Conversation' },
  { id: 'agent', name: 'Agent' },
]

/** The whole page: workspace, conversation, and the panel that plays the agent. */
export function App() {
  const cast = useCast()
  const [place, go] = usePlace()
  const [column, setColumn] = useState<Column>('chat')
  const firstMember = cast?.members[0]?.id ?? null
  const viewer = place.as ?? firstMember

  // A restarted sandbox may have other members than the ones in an old address.
  const becomeFirst = useCallback(() => {
    if (firstMember) go({ as: firstMember, open: null, thread: null })
  }, [firstMember, go])
  const sandbox = useSandbox(viewer, becomeFirst)
  const { snapshot } = sandbox
  const people = useMemo(() => (snapshot ? peopleOf(snapshot) : null), [snapshot])
  const open = snapshot ? openFor(place.open, snapshot) : null
  const readTo = useReading(snapshot, open)
  useKeptFocus()

  const show = useCallback(
    (next: string) => {
      go({ as: viewer, open: next, thread: null })
      setColumn('chat')
    },
    [go, viewer],
  )

  if (!cast || !snapshot || !people || !open) return <Loading />
  return (
    <PeopleProvider people={people}>
      <div className="app" data-column={column}>
        <Sidebar
          {...{ snapshot, open, readTo }}
          onOpen={show}
          onBecome={(member) => go({ as: member, open })}
        />
        <main className="main">
          <h1 className="visually-hidden">Countersign sandbox</h1>
          <Workspace {...{ snapshot, sandbox, open, go }} thread={place.thread} />
          <PrivateNews snapshot={snapshot} />
        </main>
        <AgentPanel cast={cast} snapshot={snapshot} onShow={show} />
        <nav className="columns" aria-label="Parts of the page">
          {columns.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              aria-current={column === id ? 'true' : undefined}
              onClick={() => setColumn(id)}
            >
              {name}
            </button>
          ))}
        </nav>
      </div>
      <Modals modals={snapshot.modals} as={snapshot.viewer} act={sandbox.act}>
        <Toasts toasts={sandbox.toasts} onDismiss={sandbox.dismiss} />
      </Modals>
    </PeopleProvider>
  )
}

function Loading() {
  return (
    <main className="loading">
      <h1 className="loading-title">Countersign sandbox</h1>
      <p role="status">Opening…</p>
    </main>
  )
}

const retryMs = 1500

function useCast(): Cast | null {
  const [cast, setCast] = useState<Cast | null>(null)
  useEffect(() => {
    let timer: number | undefined
    const load = () =>
      fetchCast()
        .then(setCast)
        .catch(() => {
          timer = window.setTimeout(load, retryMs) // the server is still starting
        })
    void load()
    return () => window.clearTimeout(timer)
  }, [])
  return cast
}
