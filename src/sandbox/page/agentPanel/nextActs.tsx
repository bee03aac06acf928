import { useEffect, useState } from 'react'
import { type Act, claimsOf, type HeldGrant, type Offer, offersOf, type Said, timeLeft } from './acts.ts'
import { CopyButton } from './copyButton.tsx'
import { Scrolled } from './scrolled.tsx'
import type { Asked } from './useRequests.ts'

interface NextActsProps {
  readonly asked: Asked
  readonly onAct: (act: Act) => void
}

/** After the yes: what the agent does next, what came of it, and what it has in its hands. */
export function NextActs({ asked, onAct }: NextActsProps) {
  const { request, grant, credential, said, acting } = asked
  if (request === null) return null
  const { next, bad } = offersOf(request, { grant, credential })
  if (next.length === 0 && said.length === 0) return null
  const buttons = { acting, onAct }

  return (
    <section className="acts" aria-label="What the agent does next" data-keeps-focus="" tabIndex={-1}>
      {grant && request.state === 'approved' && <TimeLeft key={grant.endsAtMs} grant={grant} />}
      <Offers {...buttons} offers={next} />
      {bad.length > 0 && (
        <div className="acts-bad">
          <span id="acts-bad-label">Or try what an agent must not do:</span>
          <Offers {...buttons} offers={bad} isBad labelledBy="acts-bad-label" />
        </div>
      )}
      <div role="status" aria-atomic="false">
        <ol className="said">
          {said.map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: nothing is ever taken out or moved
            <li key={index} data-testid="agent-said" data-good={each.good}>
              {each.sentence} {each.code !== '' && <code>{each.code}</code>}
              {each.found && <Found found={each.found} />}
            </li>
          ))}
        </ol>
      </div>
      {grant && <Claims token={grant.token} />}
    </section>
  )
}

function Found({ found: { columns, rows } }: { found: NonNullable<Said['found']> }) {
  if (rows.length === 0) return null
  return (
    <table className="found" data-testid="agent-found">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.join(' ')}>
            {row.map((value, index) => (
              <td key={columns[index]}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface OffersProps {
  readonly offers: readonly Offer[]
  readonly acting: boolean
  readonly onAct: (act: Act) => void
  readonly isBad?: boolean
  readonly labelledBy?: string
}

/** While an answer is awaited they stay where they are, with the focus, and do nothing. */
function Offers({ offers, acting, onAct, isBad = false, labelledBy }: OffersProps) {
  if (offers.length === 0) return null
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <div className="acts-row" role="group" aria-labelledby={labelledBy}>
      {offers.map(({ act, label }, index) => (
        <button
          key={act}
          type="button"
          className={isBad ? 'button small danger' : index === 0 ? 'button solid primary' : 'button'}
          data-testid={`agent-act-${act}`}
          aria-disabled={acting}
          onClick={() => {
            if (!acting) onAct(act)
          }}
        >
          {label}
        </button>
      ))}
    </div>
  )
}

const tickMs = 500

/** Not read out each second: whoever listens finds it here. */
function TimeLeft({ grant }: { grant: HeldGrant }) {
  const [now, setNow] = useState(Date.now)
  const left = timeLeft(grant.endsAtMs, now)
  const isOver = left === null
  useEffect(() => {
    if (isOver) return
    const timer = window.setInterval(() => setNow(Date.now()), tickMs)
    return () => window.clearInterval(timer)
  }, [isOver])
  return (
    <p className="time-left" data-testid="agent-time-left">
      {isOver ? 'The grant has ended: nobody can redeem it any more.' : `The grant ends in ${left}`}
    </p>
  )
}

function Claims({ token }: { token: string }) {
  const claims = claimsOf(token)
  if (claims === null) return null
  return (
    <details>
      <summary>What the token says</summary>
      <Scrolled label="What the token says" text={JSON.stringify(claims, null, 2)} testId="agent-claims" />
      <CopyButton label="Copy the token" text={token} />
    </details>
  )
}
