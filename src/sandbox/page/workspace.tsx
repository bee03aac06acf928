import type { Snapshot } from '../wire.ts'
import { AppTabs, HomePane } from './appHome.tsx'
import { ConversationPane } from './conversation.tsx'
import { homePlace, type Place } from './place.ts'
import { appConversation } from './reading.ts'
import { ThreadPane } from './thread.tsx'
import type { Sandbox } from './useSandbox.ts'

interface WorkspaceProps {
  readonly snapshot: Snapshot
  readonly sandbox: Sandbox
  readonly open: string
  readonly thread: string | null
  readonly go: (change: Partial<Place>) => void
}

/** The middle: the open conversation or the app's Home, and the open thread beside it. */
export function Workspace({ snapshot, sandbox, open, thread, go }: WorkspaceProps) {
  const conversation = snapshot.conversations.find((each) => each.id === open)
  const app = appConversation(snapshot)
  const inApp = open === homePlace || (app !== undefined && open === app.id)

  return (
    <div className={thread ? 'workspace-main with-thread' : 'workspace-main'}>
      <div className="pane" data-keeps-focus="" tabIndex={-1}>
        {!sandbox.connected && (
          <div className="banner" role="status">
            The sandbox server does not answer. Trying again…
          </div>
        )}
        {inApp && (
          <AppTabs
            app={snapshot.app.name}
            tab={open === homePlace ? 'home' : 'messages'}
            onTab={(tab) => go({ open: tab === 'home' ? homePlace : (app?.id ?? homePlace), thread: null })}
          />
        )}
        {open === homePlace && <HomePane snapshot={snapshot} sandbox={sandbox} key={snapshot.viewer} />}
        {conversation && (
          <ConversationPane {...{ conversation, snapshot, sandbox }} onThread={(ts) => go({ thread: ts })} />
        )}
        {!conversation && open !== homePlace && <NotHere snapshot={snapshot} />}
      </div>
      {conversation && thread && (
        <ThreadPane
          {...{ conversation, snapshot, sandbox }}
          ts={thread}
          onClose={() => go({ thread: null })}
        />
      )}
    </div>
  )
}

function NotHere({ snapshot }: { snapshot: Snapshot }) {
  const me = snapshot.members.find((member) => member.id === snapshot.viewer)
  const name = me?.realName ?? 'This member'
  return (
    <section className="messages">
      <div className="empty">
        <p className="empty-title">
          {me?.deleted ? `${name}’s account is deactivated.` : `${name} cannot see this conversation.`}
        </p>
        <p>
          {me?.deleted
            ? 'Slack no longer lets anybody in with it. Become somebody else.'
            : 'Choose another one, or become somebody who is in it.'}
        </p>
      </div>
    </section>
  )
}
