import { type ReactNode, useCallback, useState } from 'react'
import type { TeamsAct, TeamsActResult, TeamsDialog } from '../../teams/wire.ts'
import { Dialog } from '../dialog.tsx'
import { CardView, type Pressed } from './card.tsx'

interface TaskDialogProps {
  readonly dialog: TeamsDialog
  readonly as: string
  readonly act: (act: TeamsAct) => Promise<TeamsActResult>
  /** Notices that have to stand in the window, because everything outside it is inert. */
  readonly children: ReactNode
}

/** A window of the app. Its buttons are the card's own. */
export function TaskDialog({ dialog, as, act, children }: TaskDialogProps) {
  const [errors, setErrors] = useState<readonly string[]>([])
  const onPress = useCallback<Pressed>(
    async (action, inputs) => {
      const result = await act({ act: 'submit', as, dialog: dialog.id, action, inputs })
      setErrors(Object.values(result.errors ?? {}))
    },
    [act, as, dialog.id],
  )
  const close = () => void act({ act: 'close', as, dialog: dialog.id })
  return (
    <Dialog label={dialog.title} testId="dialog" className="modal task" onClose={close}>
      <div className="task-inside">
        <header className="dialog-head">
          <h2>{dialog.title}</h2>
          <button
            type="button"
            className="icon-button"
            aria-label="Close"
            data-testid="dialog-close"
            onClick={close}
          >
            ✕
          </button>
        </header>
        <div className="dialog-body">
          {errors.map((error) => (
            <p key={error} className="field-error" role="alert">
              {error}
            </p>
          ))}
          {dialog.card ? (
            <CardView card={dialog.card} onPress={onPress} />
          ) : (
            <p className="lines">{dialog.text}</p>
          )}
        </div>
        {!dialog.card && (
          <footer className="dialog-foot">
            <button type="button" className="button" onClick={close}>
              Close
            </button>
          </footer>
        )}
      </div>
      {children}
    </Dialog>
  )
}
