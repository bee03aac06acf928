import { useCallback, useMemo } from 'react'
import type { Snapshot } from '../wire.ts'
import { AgentPanel } from './agentPanel/panel.tsx'
import { Mrkdwn } from './blocks/inline.tsx'
import { titleOf } from './conversation.tsx'
import { Frame, Loading, type Shown } from './frame.tsx'
import { Modals } from './modals.tsx'
import { PeopleProvider, peopleOf } from './people.tsx'
import { PrivateNews } from './privateNews.tsx'
import { cardPlace, newestIn, newestPrivate, openFor } from './reading.ts'
import { Sidebar } from './sidebar.tsx'
import { Toasts } from './toasts.tsx'
import { useReading } from './useReading.ts'
import { useSandbox } from './useSandbox.ts'
import { Workspace } from './workspace.tsx'

/** The local Slack. */
export function SlackApp({ cast, place, go, turn, column, setColumn, requests }: Shown) {
  const firstMember = cast.members[0]?.id ?? null
  const viewer = place.as ?? firstMember

  // A restarted sandbox may have other members than the ones in an old address.
  const becomeFirst = useCallback(() => {
    if (firstMember) go({ as: firstMember, open: null, thread: null })
  }, [firstMember, go])
  const sandbox = useSandbox(viewer, becomeFirst)
  const { snapshot } = sandbox
  const people = useMemo(() => (snapshot ? peopleOf(snapshot) : null), [snapshot])
  const open = snapshot ? openFor(place.open, snapshot) : null
  const readTo = useReading(snapshot?.viewer ?? '', open, snapshot && open ? newestIn(open, snapshot) : '')

  const show = useCallback(
    (next: string) => {
      go({ as: viewer, open: next, thread: null })
      setColumn('chat')
    },
    [go, setColumn, viewer],
  )

  if (!snapshot || !people || !open) return <Loading />
  const me = snapshot.members.find(({ id }) => id === snapshot.viewer)
  return (
    <PeopleProvider people={people}>
      <Frame via="slack" {...{ column, setColumn }}>
        <Sidebar
          {...{ snapshot, open, readTo }}
          onOpen={show}
          onBecome={(member) => go({ as: member, open })}
          onVia={(via) => turn(via, me?.realName ?? '')}
        />
        <main className="main">
          <h1 className="visually-hidden">Countersign sandbox</h1>
          <Workspace {...{ snapshot, sandbox, open, go }} thread={place.thread} />
          <PrivateNews viewer={snapshot.viewer} newest={newsIn(snapshot)} />
        </main>
        <AgentPanel
          {...{ cast, requests, snapshot }}
          cardOf={(request) => placeOf(request, snapshot)}
          onShow={show}
        />
      </Frame>
      <Modals modals={snapshot.modals} as={snapshot.viewer} act={sandbox.act}>
        <Toasts toasts={sandbox.toasts} onDismiss={sandbox.dismiss} />
      </Modals>
    </PeopleProvider>
  )
}

function newsIn(snapshot: Snapshot) {
  const newest = newestPrivate(snapshot)
  return newest && { ts: newest.ts, said: <Mrkdwn text={newest.text} /> }
}

function placeOf(request: string, snapshot: Snapshot) {
  const found = cardPlace(request, snapshot)
  return found && { id: found.id, title: titleOf(found) }
}
