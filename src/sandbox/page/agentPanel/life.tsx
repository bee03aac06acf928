import { type ReactNode, useEffect, useState } from 'react'
import { elapsed } from '../clock.ts'
import type { Act } from './acts.ts'
import { CopyButton } from './copyButton.tsx'
import { NextActs } from './nextActs.tsx'
import { ProblemNote } from './problemNote.tsx'
import { Scrolled } from './scrolled.tsx'
import { curlOf, legsOf, moodOf, notesOf, outcomeCodeOf, reasonsOf, stepsOf } from './story.ts'
import type { Asked } from './useRequests.ts'

interface LifeProps {
  readonly asked: Asked
  readonly onCancel: () => void
  readonly onAct: (act: Act) => void
  /** Stands below the steps. */
  readonly children: ReactNode
}

/** The life of one request as its agent sees it. */
export function Life({ asked, onCancel, onAct, children }: LifeProps) {
  const { request, problem } = asked
  const state = request?.state ?? (problem ? 'refused' : 'asking')
  const mood = request ? moodOf(request.state) : problem ? 'bad' : 'waiting'

  return (
    <section
      className="life"
      aria-label="The open request"
      data-mood={mood}
      data-keeps-focus=""
      tabIndex={-1}
    >
      <div className="life-head">
        <strong className="state" role="status" data-testid="agent-state" data-state={state}>
          {state}
        </strong>
        <Elapsed asked={asked} />
        {state === 'pending' && (
          <button type="button" className="button small" data-testid="agent-cancel" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
      {request && (
        <>
          <ol className="steps">
            {stepsOf(request).map((step) => (
              <li
                key={step.name}
                data-status={step.status}
                aria-current={step.status === 'current' ? 'step' : undefined}
              >
                {step.name}
              </li>
            ))}
          </ol>
          <Legs asked={asked} />
          {notesOf(request).map(({ id, says }) => (
            <p key={id} className="reason" data-testid="agent-note">
              {says}
            </p>
          ))}
          {reasonsOf(request).map((reason) => (
            <p key={reason} className="reason" data-testid="agent-reason">
              {reason}
            </p>
          ))}
          <NextActs asked={asked} onAct={onAct} />
          {children}
          <p className="request-id">
            <code>{request.id}</code>
            {outcomeCodeOf(request) && (
              <code data-testid="agent-outcome">{` ${outcomeCodeOf(request)}`}</code>
            )}
          </p>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
      <Raw asked={asked} />
    </section>
  )
}

function Legs({ asked }: { asked: Asked }) {
  const legs = asked.request ? legsOf(asked.request) : []
  if (legs.length === 0) return null
  return (
    <div role="status">
      <ul className="legs">
        {legs.map((leg) => (
          <li key={leg.name} data-testid="agent-leg" data-filled={leg.filled >= leg.count}>
            <span aria-hidden="true">{leg.filled >= leg.count ? '●' : '○'}</span>{' '}
            {`${leg.name}: ${leg.filled} of ${leg.count}`}
          </li>
        ))}
      </ul>
    </div>
  )
}

const tickMs = 100

function Elapsed({ asked }: { asked: Asked }) {
  const [now, setNow] = useState(Date.now)
  const running = asked.heardAtMs === null
  useEffect(() => {
    if (!running) return
    const timer = window.setInterval(() => setNow(Date.now()), tickMs)
    return () => window.clearInterval(timer)
  }, [running])
  const ms = (asked.heardAtMs ?? now) - asked.askedAtMs
  return <span className="elapsed">{running ? `waiting ${elapsed(ms)}` : `after ${elapsed(ms)}`}</span>
}

function Raw({ asked }: { asked: Asked }) {
  const { request, body, agent } = asked
  const curl = curlOf(window.location.origin, agent.key, body)
  return (
    <>
      {request && (
        <details>
          <summary>What the agent got, as JSON</summary>
          <Scrolled label="What the agent got" text={JSON.stringify(request, null, 2)} testId="agent-json" />
        </details>
      )}
      <details>
        <summary>The same with curl</summary>
        <Scrolled label="The same with curl" text={curl} />
        <CopyButton label="Copy" text={curl} />
      </details>
    </>
  )
}
