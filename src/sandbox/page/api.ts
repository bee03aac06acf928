import type { ActResult, Example, MemberAct, SandboxAgent, Snapshot } from '../wire.ts'
import { sandboxRoot } from '../wire.ts'

/** Who and what there is to try: `GET /sandbox/agents`. */
export interface Cast {
  readonly agents: readonly SandboxAgent[]
  readonly examples: readonly Example[]
  readonly members: readonly { readonly id: string; readonly name: string }[]
}

export async function fetchCast(): Promise<Cast> {
  const response = await fetch(`${sandboxRoot}agents`)
  if (!response.ok) throw new Error(`agents: ${response.status}`)
  return (await response.json()) as Cast // our own server, of this very build
}

/** Everything `as` may see, or null when there is no such member. @throws Error when the server is away. */
export async function fetchSnapshot(as: string): Promise<Snapshot | null> {
  const response = await fetch(`${sandboxRoot}snapshot?as=${encodeURIComponent(as)}`)
  if (response.status >= 400 && response.status < 500) return null
  if (!response.ok) throw new Error(`snapshot: ${response.status}`)
  return (await response.json()) as Snapshot // our own server, of this very build
}

/** Does something as a member. Never throws: a server that is away is told like any other failure. */
export async function perform(act: MemberAct): Promise<ActResult> {
  try {
    const response = await fetch(`${sandboxRoot}act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(act),
    })
    const answer: unknown = await response.json()
    if (isActResult(answer)) return answer
    return { ok: false, error: `The sandbox refused this: ${response.status}` }
  } catch {
    return { ok: false, error: 'The sandbox server does not answer. Is it still running?' }
  }
}

export interface Listener {
  readonly onChange: () => void
  readonly onToast: (result: ActResult) => void
  readonly onConnection: (connected: boolean) => void
}

/** Follows what happens to one member. Returns how to stop. The browser reconnects by itself. */
export function listen(as: string, listener: Listener): () => void {
  const source = new EventSource(`${sandboxRoot}events?as=${encodeURIComponent(as)}`)
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
    if (isActResult(result)) listener.onToast(result)
  })
  return () => source.close()
}

function isActResult(value: unknown): value is ActResult {
  return typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean'
}
