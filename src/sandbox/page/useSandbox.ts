import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { ActResult, MemberAct, Snapshot } from '../wire.ts'
import { fetchSnapshot, listen, perform } from './api.ts'

export interface Toast {
  readonly id: number
  readonly text: string
}

export interface Sandbox {
  readonly snapshot: Snapshot | null
  readonly connected: boolean
  readonly toasts: readonly Toast[]
  /** Does something, tells the viewer if Slack would have reported an error, and resolves to the result. */
  readonly act: (act: MemberAct) => Promise<ActResult>
  readonly tell: (text: string) => void
  readonly dismiss: (toast: number) => void
}

const toastMs = 7000

/** The workspace as `viewer` sees it, kept up to date by the event stream. `onUnknown`: there is no such member. */
export function useSandbox(viewer: string | null, onUnknown: () => void): Sandbox {
  const [connected, setConnected] = useState(true)
  const { toasts, tell, dismiss } = useToasts()
  const { snapshot, refresh } = useSnapshot(viewer, onUnknown)

  useEffect(() => {
    if (viewer === null) return
    return listen(viewer, {
      onChange: refresh,
      onToast: (result) => result.error && tell(result.error),
      onConnection: setConnected,
    })
  }, [viewer, refresh, tell])

  const act = useCallback(
    async (memberAct: MemberAct) => {
      const result = await perform(memberAct)
      if (!result.ok && result.error) tell(result.error)
      refresh()
      return result
    },
    [refresh, tell],
  )

  return { snapshot, connected, toasts, act, tell, dismiss }
}

/** Nothing is fetched before the event stream has opened: that is what ends the windows of an earlier visit. */
function useSnapshot(viewer: string | null, onUnknown: () => void) {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null)
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
    fetchSnapshot(viewer)
      .then((fresh) => {
        if (turn !== latest.current || viewer !== wanted.current) return
        if (fresh) setSnapshot(fresh)
        else onUnknown()
      })
      .catch(() => undefined) // the server is away: the event stream says so, and asks again when it is back
  }, [viewer, onUnknown])

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
