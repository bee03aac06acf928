import { useState } from 'react'

const storageKey = 'countersign-sandbox-steps-hidden'

/** For somebody who has never been here. Goes away when told to, and stays away. */
export function FirstSteps() {
  const [hidden, setHidden] = useState(() => localStorage.getItem(storageKey) === 'yes')
  if (hidden) return null

  const hide = () => {
    localStorage.setItem(storageKey, 'yes')
    setHidden(true)
  }
  return (
    <section className="first-steps" aria-label="First steps" data-testid="first-steps">
      <ol>
        <li>
          <strong>Ask.</strong> Send a request as the agent, in the Agent panel.
        </li>
        <li>
          <strong>Try it as Alice.</strong> The agent acts for her, so her approval is refused.
        </li>
        <li>
          <strong>Become Bob</strong>, under “You are”, and approve. The card says who else is needed.
        </li>
      </ol>
      <button type="button" className="icon-button" aria-label="Hide these steps" onClick={hide}>
        ✕
      </button>
    </section>
  )
}
