import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react'

interface DialogProps {
  readonly label: string
  readonly testId: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly className?: string
}

const focusable =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)'

/** The browser's own modal dialog: it makes the rest inert and draws over it. Escape closes it. */
export function Dialog({ label, testId, onClose, children, className = '' }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)

  useLayoutEffect(() => {
    const element = dialog.current
    if (!element) return
    element.showModal()
    firstField(element)?.focus()
    return () => element.close()
  }, [])

  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-label={label}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault() // the owner decides when it is gone
        if (!dialog.current?.querySelector('dialog[open]')) onClose()
      }}
      onKeyDown={(event) => {
        // Handled here, because browsers may close a dialog and the one inside it with the same Escape.
        if (event.key === 'Escape') {
          event.preventDefault()
          event.stopPropagation()
          onClose()
        } else if (event.key === 'Tab') {
          event.stopPropagation() // a confirmation stands inside its modal: only the inner one keeps its focus
          keepFocusInside(event)
        }
      }}
    >
      {children}
    </dialog>
  )
}

/** The first thing to fill in; in a dialog without fields, the answer that changes nothing stands first. */
function firstField(dialog: HTMLElement): HTMLElement | null {
  return (
    dialog.querySelector<HTMLElement>('[data-focus-on-load]') ??
    dialog.querySelector<HTMLElement>('textarea, input, select') ??
    dialog.querySelector<HTMLElement>('.dialog-foot button')
  )
}

/** Tab would leave for the browser's own controls; a dialog keeps it until it is answered. */
function keepFocusInside(event: KeyboardEvent<HTMLDialogElement>): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(focusable)]
  const [first, last] = [stops[0], stops.at(-1)]
  const leaving = event.shiftKey ? first : last
  if (document.activeElement !== leaving) return
  event.preventDefault()
  const next = event.shiftKey ? last : first
  next?.focus()
}
