import { type RefObject, useEffect } from 'react'

/** Closes a menu on Escape or on a press anywhere outside `root`, and lets arrow keys move through its items. */
export function useDismiss(root: RefObject<HTMLElement | null>, open: boolean, close: () => void): void {
  useEffect(() => {
    if (!open) return
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) close()
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close()
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        moveFocus(root.current, event.key === 'ArrowDown' ? 1 : -1)
      }
    }
    document.addEventListener('pointerdown', onPointer)
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('pointerdown', onPointer)
      document.removeEventListener('keydown', onKey)
    }
  }, [root, open, close])
}

function moveFocus(root: HTMLElement | null, by: 1 | -1): void {
  const items = [...(root?.querySelectorAll<HTMLElement>('[role=menuitem], [role=option]') ?? [])]
  const at = items.findIndex((item) => item.matches(':focus'))
  items[(at + by + items.length) % items.length]?.focus()
}
