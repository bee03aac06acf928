import { useEffect, useRef } from 'react'

/** The focus goes to the thread's title, and back to what opened it. */
export function useFocusWhileOpen() {
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    head.current?.focus()
    return () => {
      const wentElsewhere = document.activeElement?.matches(':not(body, [data-keeps-focus])')
      if (!wentElsewhere && opener instanceof HTMLElement) opener.focus()
    }
  }, [])
  return head
}
