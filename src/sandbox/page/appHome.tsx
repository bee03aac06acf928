import { type ReactNode, useCallback, useEffect, useState } from 'react'
import type { Snapshot } from '../wire.ts'
import { Avatar } from './avatar.tsx'
import { Blocks } from './blocks/blocks.tsx'
import { type Press, SurfaceProvider } from './blocks/surface.tsx'
import type { Entries } from './blocks/viewState.ts'
import { usePeople } from './people.tsx'
import type { Sandbox } from './useSandbox.ts'

/** The head of the app's own pages, with its two tabs. */
export function AppTabs({
  app,
  tab,
  onTab,
}: {
  app: string
  tab: 'home' | 'messages'
  onTab: (tab: 'home' | 'messages') => void
}) {
  const people = usePeople()
  return (
    <header className="pane-head app-head">
      <Avatar member={people.members.get(people.appBot)} size={24} />
      <h2 data-testid="conversation-title">{app}</h2>
      <nav className="tabs" aria-label={app}>
        <Tab selected={tab === 'home'} onSelect={() => onTab('home')}>
          Home
        </Tab>
        <Tab selected={tab === 'messages'} onSelect={() => onTab('messages')}>
          Messages
        </Tab>
      </nav>
    </header>
  )
}

function Tab({
  selected,
  onSelect,
  children,
}: {
  selected: boolean
  onSelect: () => void
  children: ReactNode
}) {
  return (
    <button type="button" aria-current={selected ? 'page' : undefined} className="tab" onClick={onSelect}>
      {children}
    </button>
  )
}

/** The Home tab. Opening it tells the app, as Slack's `app_home_opened` does; the app then publishes the view. */
export function HomePane({ snapshot, sandbox }: { snapshot: Snapshot; sandbox: Sandbox }) {
  const { act } = sandbox
  const as = snapshot.viewer
  const home = snapshot.home
  const [entries, setEntries] = useState<Entries>({})

  useEffect(() => {
    void act({ act: 'home', as })
  }, [act, as])

  const viewId = home?.id ?? ''
  const onPress = useCallback(
    (press: Press) => act({ act: 'press', as, at: { view: viewId }, ...press }),
    [act, as, viewId],
  )

  if (!home) {
    return (
      <section className="messages home" aria-label="Home" data-testid="home">
        <div className="empty">
          <p className="empty-title">This is a Home tab in progress.</p>
          <p>{snapshot.app.name} has not published anything for you. When it does, it appears here.</p>
        </div>
      </section>
    )
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse, it is scrolled when it has the focus
    <section className="messages home" aria-label="Home" data-testid="home" tabIndex={0}>
      <SurfaceProvider blocks={home.blocks} entries={entries} onEntries={setEntries} onPress={onPress}>
        <Blocks blocks={home.blocks} />
      </SurfaceProvider>
    </section>
  )
}
