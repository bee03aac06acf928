import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ActResult, MemberAct, Snapshot } from '../wire.ts'
import { type Result, type Source, slack } from './api.ts'

export interface Toast {
  readonly id: number
  readonly text: string
}

export interface Live<S, A, R> {
  readonly snapshot: S | null
  readonly connected: boolean
  readonly toasts: readonly Toast[]
  /** Does something, tells the viewer if the client would have reported an error, and resolves to the result. */
  readonly act: (act: A) => Promise<R>
  readonly tell: (text: string) => void
  readonly dismiss: (toast: number) => void
}

export type Sandbox = Live<Snapshot, MemberAct, ActResult>

const toastMs = 7000

/** Slack's workspace as `viewer` sees it, kept up to date by the event stream. `onUnknown`: there is no such member. */
export function useSandbox(viewer: string | null, onUnknown: () => void): Sandbox {
  return useLive(slack, viewer, onUnknown)
}

/** The same, of whichever workspace. */
export function useLive<S, A, R extends Result>(
  source: Source<S, A, R>,
  viewer: string | null,
  onUnknown: () => void,
): Live<S, A, R> {
  const [connected, setConnected] = useState(true)
  const { toasts, tell, dismiss } = useToasts()
  const { snapshot, refresh } = useSnapshot(source, viewer, onUnknown)

  useEffect(() => {
    if (viewer === null) return
    return source.listen(viewer, {
      onChange: refresh,
      onToast: (result) => result.error && tell(result.error),
      onConnection: setConnected,
    })
  }, [source, viewer, refresh, tell])

  const act = useCallback(
    async (one: A) => {
      const result = await source.perform(one)
      if (!result.ok && result.error) tell(result.error)
      refresh()
      return result
    },
    [source, refresh, tell],
  )

  return { snapshot, connected, toasts, act, tell, dismiss }
}

/** Nothing is fetched before the event stream has opened: that is what ends the windows of an earlier visit. */
function useSnapshot<S>(
  source: Pick<Source<S, never, Result>, 'fetchSnapshot'>,
  viewer: string | null,
  onUnknown: () => void,
) {
  const [snapshot, setSnapshot] = useState<S | null>(null)
  const latest = useRef(0)
  const wanted = useRef(viewer)
  useLayoutEffect(() => {
    wanted.current = viewer
  }, [viewer])

  const refresh = useCallback(() => {
    // What somebody did may be answered when the page has become somebody else; it must not bring the first one back.
    if (viewer === null || viewer !== wanted.current) return
    // Answers can overtake each other: only the newest question may change what is shown.
    const turn = ++latest.current
    source
      .fetchSnapshot(viewer)
      .then((fresh) => {
        if (turn !== latest.current || viewer !== wanted.current) return
        if (fresh) setSnapshot(fresh)
        else onUnknown()
      })
      .catch(() => undefined) // the server is away: the event stream says so, and asks again when it is back
  }, [source, viewer, onUnknown])

  return { snapshot, refresh }
}

function useToasts() {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const nextId = useRef(1)

  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), [])
  const tell = useCallback(
    (text: string) => {
      const id = nextId.current++
      setToasts((all) => [...all.filter((toast) => toast.text !== text), { id, text }].slice(-4))
      window.setTimeout(() => dismiss(id), toastMs)
    },
    [dismiss],
  )
  return { toasts, tell, dismiss }
}
