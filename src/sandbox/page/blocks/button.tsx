import type { ElementProps } from './elementProps.ts'
import { plainShown } from './inline.tsx'
import { string } from './shape.ts'
import { useSurface } from './surface.tsx'
import { entryKey } from './viewState.ts'

/** A button with `url` opens it and still tells the app, as in Slack. */
export function ButtonElement({ element, blockId }: ElementProps) {
  const surface = useSurface()
  const actionId = string(element.action_id)
  const url = string(element.url)
  const busy = surface.pressing === entryKey(blockId, actionId)
  const style = element.style === 'primary' || element.style === 'danger' ? element.style : ''

  return (
    <button
      type="button"
      className={`button ${style}`}
      data-testid="button"
      data-action-id={actionId}
      aria-label={string(element.accessibility_label) || undefined}
      aria-busy={busy}
      disabled={surface.disabled}
      onClick={() => {
        if (/^https?:/i.test(url)) window.open(url, '_blank', 'noopener,noreferrer')
        surface.press(blockId, element)
      }}
    >
      {busy && <span className="spinner" aria-hidden="true" />}
      {plainShown(element.text)}
    </button>
  )
}
