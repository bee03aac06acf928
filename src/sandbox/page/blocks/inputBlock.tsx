import { useId } from 'react'
import type { Block } from '../../wire.ts'
import { Element } from './element.tsx'
import { plainShown } from './inline.tsx'
import { isShape } from './shape.ts'
import { useSurface } from './surface.tsx'

/** Label, element, hint, and what is wrong with it, in Slack's order. */
export function InputBlock({ block, blockId }: { block: Block; blockId: string }) {
  const surface = useSurface()
  const id = useId()
  const error = surface.errors[blockId]
  const hint = plainShown(block.hint)

  return (
    <div className={error ? 'block block-input invalid' : 'block block-input'} data-block-id={blockId}>
      <span className="label" id={`${id}-label`}>
        {plainShown(block.label)}
        {block.optional === true && <span className="optional"> (optional)</span>}
      </span>
      {isShape(block.element) && (
        <Element
          element={block.element}
          blockId={blockId}
          labelledBy={`${id}-label`}
          describedBy={`${id}-notes`}
          required={block.optional !== true}
          invalid={error !== undefined}
          dispatches={block.dispatch_action === true}
        />
      )}
      <div id={`${id}-notes`} className="notes">
        {error && (
          <span className="field-error" role="alert" data-testid="field-error">
            {error}
          </span>
        )}
        {hint && <span className="hint">{hint}</span>}
      </div>
    </div>
  )
}
