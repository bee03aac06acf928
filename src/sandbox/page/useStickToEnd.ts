import { useEffect, useLayoutEffect, useRef } from 'react'

/** A list that stays at its end while the reader is there. */
export function useStickToEnd(conversation: string) {
  const list = useRef<HTMLElement>(null)
  const atEnd = useRef(true)

  // Another conversation is opened at its end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of conversation that matters
  useLayoutEffect(() => {
    atEnd.current = true
  }, [conversation])

  useLayoutEffect(() => {
    const element = list.current
    if (element && atEnd.current) element.scrollTop = element.scrollHeight
  })

  useEffect(() => {
    const element = list.current
    if (!element) return
    const onScroll = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 60
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => element.removeEventListener('scroll', onScroll)
  }, [])

  return list
}
