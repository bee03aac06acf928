import { plainShown, Text } from './blocks/inline.tsx'
import type { Shape } from './blocks/shape.ts'
import { Dialog } from './dialog.tsx'

/** Slack's `confirm` composition object, with Slack's own words where it leaves them out. */
export function ConfirmDialog({ confirm, onAnswer }: { confirm: Shape; onAnswer: (yes: boolean) => void }) {
  const title = plainShown(confirm.title) || 'Are you sure?'
  const danger = confirm.style === 'danger'
  return (
    <Dialog label={title} testId="confirm" className="confirm" onClose={() => onAnswer(false)}>
      <header className="dialog-head">
        <h2>{title}</h2>
      </header>
      <div className="dialog-body lines">
        <Text text={confirm.text} />
      </div>
      <footer className="dialog-foot">
        <button type="button" className="button" data-testid="confirm-cancel" onClick={() => onAnswer(false)}>
          {plainShown(confirm.deny) || 'Cancel'}
        </button>
        <button
          type="button"
          className={`button solid ${danger ? 'danger' : 'primary'}`}
          data-testid="confirm-ok"
          onClick={() => onAnswer(true)}
        >
          {plainShown(confirm.confirm) || 'Yes'}
        </button>
      </footer>
    </Dialog>
  )
}
