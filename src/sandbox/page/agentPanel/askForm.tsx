import { useState } from 'react'
import type { SandboxAgent } from '../../wire.ts'
import type { Cast } from '../api.ts'
import { CopyButton } from './copyButton.tsx'
import { curlOf } from './story.ts'

interface AskFormProps {
  readonly cast: Cast
  readonly onSend: (agent: SandboxAgent, body: string) => void
}

/** Choose an example or write your own; choose the agent; send. The text is sent as it stands, mistakes included. */
export function AskForm({ cast, onSend }: AskFormProps) {
  const [chosen, setChosen] = useState(0)
  const example = cast.examples[chosen]
  const [body, setBody] = useState(() => pretty(example?.body))
  const [agentId, setAgentId] = useState(() => agentNamed(cast, example?.agent)?.id ?? '')
  const agent = cast.agents.find((each) => each.id === agentId)

  const choose = (index: number) => {
    const next = cast.examples[index]
    setChosen(index)
    setBody(pretty(next?.body))
    setAgentId(agentNamed(cast, next?.agent)?.id ?? agentId)
  }

  if (cast.agents.length === 0) {
    return <p className="about">No agent is registered. Add one with `countersign agents add`.</p>
  }
  return (
    <form
      className="ask"
      onSubmit={(event) => {
        event.preventDefault()
        if (agent) onSend(agent, body)
      }}
    >
      <label className="field-label">
        Example
        <select
          className="select"
          data-testid="agent-example"
          value={chosen}
          onChange={(event) => choose(Number(event.target.value))}
        >
          {cast.examples.map((each, index) => (
            <option key={each.title} value={index}>
              {each.title}
            </option>
          ))}
        </select>
      </label>
      <p className="about">{example?.about}</p>
      <details className="request-body">
        <summary>The request, as JSON{body !== pretty(example?.body) && ' (edited)'}</summary>
        <textarea
          aria-label="Request body as JSON"
          data-testid="agent-body"
          spellCheck={false}
          rows={14}
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
        {syntaxNote(body) && (
          <p className="json-note">{syntaxNote(body)} You may send it and see how it is refused.</p>
        )}
        <CopyButton label="Copy as curl" text={curlOf(window.location.origin, agent?.key ?? '', body)} />
      </details>
      <div className="ask-row">
        <label className="field-label">
          As agent (and its owner)
          <select
            className="select"
            data-testid="agent-select"
            value={agentId}
            onChange={(event) => setAgentId(event.target.value)}
          >
            {cast.agents.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name} ({ownerName(cast, each)})
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button solid primary" data-testid="agent-send" disabled={!agent}>
          Send
        </button>
      </div>
    </form>
  )
}

function agentNamed(cast: Cast, name: string | undefined): SandboxAgent | undefined {
  return cast.agents.find((agent) => agent.name === name || agent.id === name) ?? cast.agents[0]
}

/** The owner may come as a member's id or as a name. */
function ownerName(cast: Cast, agent: SandboxAgent): string {
  return cast.members.find((member) => member.id === agent.owner)?.name ?? agent.owner
}

function pretty(body: unknown): string {
  return body === undefined ? '' : JSON.stringify(body, null, 2)
}

function syntaxNote(body: string): string | null {
  try {
    JSON.parse(body)
    return null
  } catch {
    return 'This is not JSON.'
  }
}
