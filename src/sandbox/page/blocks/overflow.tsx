import { useMenu } from '../useMenu.ts'
import type { ElementProps } from './elementProps.ts'
import { plainShown } from './inline.tsx'
import { optionsOf, string } from './shape.ts'
import { useSurface } from './surface.tsx'
import { entryKey } from './viewState.ts'

/** The `⋯` menu. */
export function Overflow({ element, blockId }: ElementProps) {
  const surface = useSurface()
  const { open, toggle, close, root, button, onKeyDown } = useMenu()
  const actionId = string(element.action_id)

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of the button and the items inside
    <div className="overflow" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="button"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={surface.pressing === entryKey(blockId, actionId)}
        data-testid="button"
        data-action-id={actionId}
        disabled={surface.disabled}
        onClick={toggle}
      >
        ⋯
      </button>
      {open && (
        <div className="menu" role="menu" aria-label="More actions">
          {optionsOf(element).map((option) => (
            <button
              key={string(option.value)}
              type="button"
              role="menuitem"
              tabIndex={-1}
              data-testid="menu-item"
              data-value={string(option.value)}
              onClick={() => {
                close()
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
