import { useLayoutEffect, useRef } from 'react'
import type { Toast } from './useSandbox.ts'

interface ToastsProps {
  readonly toasts: readonly Toast[]
  readonly onDismiss: (id: number) => void
}

/**
 * What Slack would tell this member alone, such as that an app did not respond. A window makes everything outside it
 * inert, so while one is open they stand inside it.
 */
export function Toasts({ toasts, onDismiss }: ToastsProps) {
  const newest = toasts.at(-1)
  const layer = useRef<HTMLDivElement>(null)

  // Shown again for each new toast, so that it lies above a modal that was opened in the meantime.
  useLayoutEffect(() => {
    layer.current?.hidePopover()
    if (toasts.length > 0) layer.current?.showPopover()
  }, [toasts])

  return (
    <>
      {/* Apart from what is drawn: a popover that opens together with its text is not announced. */}
      <div className="visually-hidden" role="status" aria-label="Notices" data-testid="notices">
        {newest && <p key={newest.id}>{newest.text}</p>}
      </div>
      <div className="toasts" popover="manual" ref={layer} data-testid="toasts">
        {toasts.map((toast) => (
          <div key={toast.id} className="toast" data-testid="toast">
            <span aria-hidden="true">⚠️</span>
            <span>{toast.text}</span>
            <button
              type="button"
              className="icon-button"
              aria-label="Dismiss"
              onClick={() => onDismiss(toast.id)}
            >
              ✕
            </button>
          </div>
        ))}
      </div>
    </>
  )
}
