import { type TeamsAct, type TeamsActResult, type TeamsSnapshot, teamsRoot } from '../teams/wire.ts'
import type { ActResult, Example, MemberAct, SandboxAgent, Snapshot } from '../wire.ts'
import { sandboxRoot } from '../wire.ts'

/** Who and what there is to try: `GET /sandbox/agents`. */
export interface Cast {
  readonly agents: readonly SandboxAgent[]
  readonly examples: readonly Example[]
  readonly members: readonly Player[]
  /** The same people, and others, as Teams knows them. */
  readonly teams: readonly Player[]
}

interface Player {
  readonly id: string
  readonly name: string
}

/** What every act comes to. */
export interface Result {
  readonly ok: boolean
  readonly error?: string
}

/** One of the local workspaces, as one of its people sees it. */
export interface Source<S, A, R extends Result> {
  /** Everything `as` may see, or null when there is no such member. @throws Error when the server is away. */
  fetchSnapshot(as: string): Promise<S | null>
  /** Does something as a member. Never throws: a server that is away is told like any other failure. */
  perform(act: A): Promise<R>
  /** Follows what happens to one member. Returns how to stop. The browser reconnects by itself. */
  listen(as: string, listener: Listener): () => void
}

interface Listener {
  readonly onChange: () => void
  readonly onToast: (result: Result) => void
  readonly onConnection: (connected: boolean) => void
}

export const slack = sourceAt<Snapshot, MemberAct, ActResult>(sandboxRoot)
export const teams = sourceAt<TeamsSnapshot, TeamsAct, TeamsActResult>(teamsRoot)

export async function fetchCast(): Promise<Cast> {
  const response = await fetch(`${sandboxRoot}agents`)
  if (!response.ok) throw new Error(`agents: ${response.status}`)
  return (await response.json()) as Cast // our own server, of this very build
}

function sourceAt<S, A, R extends Result>(root: string): Source<S, A, R> {
  return {
    async fetchSnapshot(as) {
      const response = await fetch(`${root}snapshot?as=${encodeURIComponent(as)}`)
      if (response.status >= 400 && response.status < 500) return null
      if (!response.ok) throw new Error(`snapshot: ${response.status}`)
      return (await response.json()) as S // our own server, of this very build
    },
    async perform(act) {
      const failed = (error: string) => ({ ok: false, error }) as R // every result may be one that failed
      try {
        const response = await fetch(`${root}act`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(act),
        })
        const answer: unknown = await response.json()
        if (isResult(answer)) return answer as R // our own server, of this very build
        return failed(`The sandbox refused this: ${response.status}`)
      } catch {
        return failed('The sandbox server does not answer. Is it still running?')
      }
    },
    listen: (as, listener) => listenTo(`${root}events?as=${encodeURIComponent(as)}`, listener),
  }
}

function listenTo(url: string, listener: Listener): () => void {
  const source = new EventSource(url)
  source.addEventListener('open', () => {
    listener.onConnection(true)
    listener.onChange() // the first look, or whatever happened while we were not connected
  })
  source.addEventListener('error', () => {
    listener.onConnection(false)
    listener.onChange() // nobody's stream is refused, and only the snapshot says why
  })
  source.addEventListener('changed', () => listener.onChange())
  source.addEventListener('toast', (event) => {
    const result: unknown = JSON.parse(String(event.data))
    if (isResult(result)) listener.onToast(result)
  })
  return () => source.close()
}

function isResult(value: unknown): value is Result {
  return typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean'
}
