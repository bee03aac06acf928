import type { ReactNode } from 'react'
import type { Requests } from './agentPanel/useRequests.ts'
import type { Cast } from './api.ts'
import type { Place, Via } from './place.ts'

/** On a phone, one of the three columns at a time. */
export type Column = 'places' | 'chat' | 'agent'

/** What both workspaces are shown with. */
export interface Shown {
  readonly cast: Cast
  readonly place: Place
  readonly go: (change: Partial<Place>) => void
  /** Turns to the other workspace, as the one of this name if there is one. */
  readonly turn: (via: Via, name: string) => void
  readonly column: Column
  readonly setColumn: (column: Column) => void
  readonly requests: Requests
}

const columns: readonly { readonly id: Column; readonly name: string }[] = [
  { id: 'places', name: 'Workspace' },
  { id: 'chat', name: 'Conversation' },
  { id: 'agent', name: 'Agent' },
]

interface FrameProps extends Pick<Shown, 'column' | 'setColumn'> {
  readonly via: Via
  /** The three columns. */
  readonly children: ReactNode
}

export function Frame({ via, column, setColumn, children }: FrameProps) {
  return (
    <div className="app" data-column={column} data-via={via}>
      {children}
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
  )
}

export function Loading() {
  return (
    <main className="loading">
      <h1 className="loading-title">Countersign sandbox</h1>
      <p role="status">Opening…</p>
    </main>
  )
}
