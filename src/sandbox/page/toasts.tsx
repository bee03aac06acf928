import { useLayoutEffect, useRef } from 'react'
import type { Toast } from './useSandbox.ts'

/** What Slack would tell this member alone, such as that an app did not respond. */
export function Toasts({ toasts, onDismiss }: { toasts: readonly Toast[]; onDismiss: (id: number) => void }) {
  const layer = useRef<HTMLDivElement>(null)

  // Shown again for each new toast, so that it lies above a modal that was opened in the meantime.
  useLayoutEffect(() => {
    layer.current?.hidePopover()
    if (toasts.length > 0) layer.current?.showPopover()
  }, [toasts])

  return (
    <div
      className="toasts"
      popover="manual"
      ref={layer}
      role="status"
      aria-live="polite"
      data-testid="toasts"
    >
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
  )
}
