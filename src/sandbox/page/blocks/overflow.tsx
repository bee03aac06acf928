import { useRef, useState } from 'react'
import { useDismiss } from '../useDismiss.ts'
import type { ElementProps } from './elementProps.ts'
import { plainShown } from './inline.tsx'
import { optionsOf, string } from './shape.ts'
import { useSurface } from './surface.tsx'
import { entryKey } from './viewState.ts'

/** The `⋯` menu. */
export function Overflow({ element, blockId }: ElementProps) {
  const surface = useSurface()
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const actionId = string(element.action_id)
  useDismiss(root, open, () => setOpen(false))

  return (
    <div className="overflow" ref={root}>
      <button
        type="button"
        className="button"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={surface.pressing === entryKey(blockId, actionId)}
        data-testid="button"
        data-action-id={actionId}
        disabled={surface.disabled}
        onClick={() => setOpen(!open)}
      >
        ⋯
      </button>
      {open && (
        <div className="menu" role="menu">
          {optionsOf(element).map((option) => (
            <button
              key={string(option.value)}
              type="button"
              role="menuitem"
              data-testid="menu-item"
              data-value={string(option.value)}
              onClick={() => {
                setOpen(false)
                const url = string(option.url)
                if (/^https?:/i.test(url)) window.open(url, '_blank', 'noopener,noreferrer')
                surface.press(blockId, element, string(option.value))
              }}
            >
              {plainShown(option.text)}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
