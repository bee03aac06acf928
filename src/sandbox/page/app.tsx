import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { useRequests } from './agentPanel/useRequests.ts'
import { type Cast, fetchCast } from './api.ts'
import { type Column, Loading, type Shown } from './frame.tsx'
import type { Via } from './place.ts'
import { SlackApp } from './slackApp.tsx'
import { useKeptFocus } from './useKeptFocus.ts'
import { usePlace } from './usePlace.ts'

/** Loaded when somebody looks: what draws Teams' cards is as large as all the rest. */
const TeamsApp = lazy(async () => ({ default: (await import('./teams/teamsApp.tsx')).TeamsApp }))

/** The whole page: one of the workspaces, a conversation of it, and the panel that plays the agent. */
export function App() {
  const cast = useCast()
  const [place, go] = usePlace()
  const [column, setColumn] = useState<Column>('chat')
  const requests = useRequests()
  useKeptFocus()

  const turn = useCallback(
    (via: Via, name: string) => {
      const players = via === 'teams' ? cast?.teams : cast?.members
      const same = players?.find((one) => one.name === name) ?? players?.[0]
      go({ via, as: same?.id ?? null, open: null, thread: null })
    },
    [cast, go],
  )

  if (!cast) return <Loading />
  const shown: Shown = { cast, place, go, turn, column, setColumn, requests }
  if (place.via === 'slack') return <SlackApp {...shown} />
  return (
    <Suspense fallback={<Loading />}>
      <TeamsApp {...shown} />
    </Suspense>
  )
}

const retryMs = 1500

function useCast(): Cast | null {
  const [cast, setCast] = useState<Cast | null>(null)
  useEffect(() => {
    let timer: number | undefined
    const load = () =>
      fetchCast()
        .then(setCast)
        .catch(() => {
          timer = window.setTimeout(load, retryMs) // the server is still starting
        })
    void load()
    return () => window.clearTimeout(timer)
  }, [])
  return cast
}
