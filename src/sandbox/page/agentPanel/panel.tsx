import { useEffect, useState } from 'react'
import type { Cast } from '../api.ts'
import { AskForm } from './askForm.tsx'
import { Life } from './life.tsx'
import { declaredWayBackOf, undoingOf } from './undo.ts'
import type { Requests } from './useRequests.ts'

const lookAgainMs = 5000

interface AgentPanelProps {
  readonly cast: Cast
  readonly requests: Requests
  /** The workspace as it is looked at now. */
  readonly snapshot: unknown
  /** Where the card of a request stands, if the viewer can see it. */
  readonly cardOf: (requestId: string) => { readonly id: string; readonly title: string } | undefined
  /** Opens a conversation. */
  readonly onShow: (conversation: string) => void
}

/** The right side: plays an agent against the real API of the server that this page came from. */
export function AgentPanel({ cast, requests, snapshot, cardOf, onShow }: AgentPanelProps) {
  const { asked, send, takeUp, withdraw, act, glance } = requests
  const [openId, setOpenId] = useState<string | null>(null)
  const open = asked.find((each) => each.id === openId) ?? asked[0]
  const openIdNow = open?.id
  // Who has agreed so far ends no long wait, but it changes a card: whatever happens in the workspace is a reason to look.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the workspace's change is what matters
  useEffect(() => {
    if (openIdNow !== undefined) glance(openIdNow)
  }, [snapshot, openIdNow, glance])
  // What policy allowed has no card that would change, and yet a grant ends, and a report comes too late.
  const runs =
    open?.request?.state === 'executing' || (open?.request?.state === 'approved' && open.grant !== null)
  useEffect(() => {
    if (openIdNow === undefined || !runs) return
    const timer = window.setInterval(() => glance(openIdNow), lookAgainMs)
    return () => window.clearInterval(timer)
  }, [openIdNow, runs, glance])
  const card = open?.request ? cardOf(open.request.id) : undefined
  const undoing = open?.request ? undoingOf(open.request) : null
  const wayBack = open?.request ? declaredWayBackOf(open.request) : null

  return (
    <aside className="agent" aria-label="Agent">
      <header className="pane-head">
        <h2>Agent</h2>
        <span className="topic">what the machine sees</span>
      </header>
      <div className="agent-scroll">
        <AskForm
          cast={cast}
          onSend={(agent, body) => {
            setOpenId(null) // the newest is shown
            void send(agent, body)
          }}
        />
        {asked.length === 0 && (
          <div className="empty">
            <p className="empty-title">No requests from this window yet.</p>
            <p>Send one. The agent then waits here until policy or people have answered.</p>
          </div>
        )}
        {open && (
          <Life
            key={open.id}
            asked={open}
            onCancel={() => void withdraw(open)}
            onAct={(what) => void act(open, what)}
          >
            {wayBack !== null && (
              <button
                type="button"
                className="button small"
                data-testid="agent-way-back"
                onClick={() => {
                  setOpenId(wayBack)
                  if (asked.every(({ id }) => id !== wayBack)) void takeUp(open.agent, wayBack)
                }}
              >
                Take the declared way back
              </button>
            )}
            {open && undoing !== null && (
              <button
                type="button"
                className="button small"
                data-testid="agent-undo"
                onClick={() => {
                  setOpenId(null)
                  void send(open.agent, undoing)
                }}
              >
                Ask to roll it back
              </button>
            )}
            {card && (
              <button
                type="button"
                className="card-link"
                data-testid="agent-card"
                onClick={() => onShow(card.id)}
              >
                The card is in {card.title}
              </button>
            )}
          </Life>
        )}
        {asked.length > 1 && (
          <section className="asked-list" aria-label="Requests of this window">
            <h3>Asked before</h3>
            {asked.map((each) => (
              <button
                key={each.id}
                type="button"
                className="asked"
                aria-current={each.id === open?.id ? 'true' : undefined}
                onClick={() => setOpenId(each.id)}
              >
                <span>{nameOf(each.body)}</span>
                <span
                  className="state-chip"
                  data-state={each.request?.state ?? (each.problem ? 'refused' : 'asking')}
                >
                  {each.request?.state ?? (each.problem ? 'refused' : 'asking')}
                </span>
              </button>
            ))}
          </section>
        )}
      </div>
    </aside>
  )
}

function nameOf(body: string): string {
  return /"action"\s*:\s*"([^"]*)"/.exec(body)?.[1] ?? 'request'
}
