import { useEffect } from 'react'

const place = '[data-keeps-focus]'

/**
 * A card that is settled loses its buttons, a thread that is closed its pane, a phone its column, and whoever had the
 * focus there would begin again at the top of the page. Then it goes to the nearest place around it that is still
 * shown: what has `data-keeps-focus`. Windows have none of their own: what counts is where one was before.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let places: readonly HTMLElement[] = []
    let last: Element | null = null
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof Element)) return
      last = target
      if (target.closest('.app')) places = placesAround(target)
    }
    const onChange = () => {
      if (last === null || isShown(last) || hasFocus()) return
      const next = [...places, ...document.querySelectorAll<HTMLElement>(place)].find(isShown)
      next?.focus({ preventScroll: true })
    }
    const observer = new MutationObserver(onChange)
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributeFilter: ['data-column', 'class', 'open'],
    })
    document.addEventListener('focusin', onFocus)
    return () => {
      observer.disconnect()
      document.removeEventListener('focusin', onFocus)
    }
  }, [])
}

/** Whether something that is shown has the focus. A hidden element may keep it for a moment. */
function hasFocus(): boolean {
  const active = document.activeElement
  return active !== null && active !== document.body && isShown(active)
}

function isShown(element: Element): boolean {
  return element.isConnected && element.checkVisibility()
}

/** Nearest first. */
function placesAround(element: Element): readonly HTMLElement[] {
  const found: HTMLElement[] = []
  for (
    let at = element.closest<HTMLElement>(place);
    at;
    at = at.parentElement?.closest<HTMLElement>(place) ?? null
  )
    found.push(at)
  return found
}
