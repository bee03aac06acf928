import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'

const items = '[role=menuitem], [role=option]'

/** A menu and the button that opens it. */
interface Menu {
  readonly open: boolean
  readonly toggle: () => void
  /** Closes it, with the focus back on its button. */
  readonly close: () => void
  /** Of the element around button and menu. */
  readonly root: RefObject<HTMLDivElement | null>
  readonly button: RefObject<HTMLButtonElement | null>
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/**
 * Opening moves the focus to what is chosen, or to the first item; the arrow keys, Home and End move it on; Escape and
 * Tab close the menu, and so does a press anywhere else. The focus goes back to the button, unless it was put elsewhere.
 */
export function useMenu(): Menu {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  useLayoutEffect(() => {
    if (!open) return
    const all = itemsIn(root.current)
    const first = all.find((item) => item.ariaSelected === 'true') ?? all[0]
    first?.focus()
  }, [open])

  useEffect(() => {
    if (!open) return
    const onPointer = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', onPointer)
    return () => document.removeEventListener('pointerdown', onPointer)
  }, [open])

  const close = () => {
    button.current?.focus() // before the items are gone, so that the focus is never nowhere
    setOpen(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return
    if (event.key === 'Tab') return close() // and from the button on to the next element, or to the one before
    if (event.key === 'Escape') close()
    else if (!moveFocus(itemsIn(root.current), event.key)) return
    event.preventDefault()
    event.stopPropagation() // a window around the menu stays open
  }
  return { open, toggle: () => setOpen(!open), close, root, button, onKeyDown }
}

function itemsIn(root: HTMLElement | null): readonly HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>(items) ?? [])]
}

/** Whether the key was one that moves. */
function moveFocus(all: readonly HTMLElement[], key: string): boolean {
  const at = all.findIndex((item) => item.matches(':focus'))
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[key]
  if (to === undefined) return false
  all.at(to % Math.max(1, all.length))?.focus()
  return true
}
