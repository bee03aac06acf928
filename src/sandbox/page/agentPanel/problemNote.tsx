import type { Problem } from './exchange.ts'

/** An RFC 9457 problem, for people. */
export function ProblemNote({ problem }: { problem: Problem }) {
  return (
    <div className="problem" role="alert" data-testid="agent-problem">
      <p>
        <strong>{problem.title}</strong> <code>{problem.code}</code>
        {problem.status > 0 && <span className="status"> HTTP {problem.status}</span>}
      </p>
      {problem.detail && <p>{problem.detail}</p>}
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.map((error) => (
            <li key={`${error.pointer} ${error.detail}`}>
              <code>{error.pointer || '/'}</code> {error.detail}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
