interface Drawn {
  readonly config: object
  readonly cards: readonly { readonly which: string; readonly card: unknown }[]
}

/** The package as a page has it. */
interface Package {
  readonly AdaptiveCard: new () => {
    hostConfig: unknown
    parse(card: unknown, context: unknown): void
    render(): HTMLElement | undefined
  }
  readonly HostConfig: new (config: object) => unknown
  readonly SerializationContext: new (version: unknown) => unknown
  readonly Versions: { readonly v1_5: unknown }
}

/**
 * Adds cards to the sheet, each below what it is, and its menu in full beside its buttons. Gives the height of the sheet in pixels. Runs in the
 * browser, so it may use nothing from outside.
 */
export function cardsIn({ config, cards }: Drawn): number {
  const sheet = document.querySelector('#sheet')
  const { AdaptiveCards } = window as unknown as { readonly AdaptiveCards: Package } // the script put it there
  if (!sheet) return 0
  for (const { which, card } of cards) {
    const drawn = new AdaptiveCards.AdaptiveCard()
    drawn.hostConfig = new AdaptiveCards.HostConfig(config)
    drawn.parse(card, new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5))
    const figure = document.createElement('figure')
    const caption = document.createElement('figcaption')
    caption.textContent = which
    const frame = document.createElement('div')
    frame.className = 'card'
    const element = drawn.render()
    if (element) frame.append(element)
    else frame.innerHTML = '<b class="undrawn">undrawn</b>'
    // Without Teams' own handling of mentions the package shows what it was given.
    for (const one of frame.querySelectorAll('.ac-textBlock')) {
      if (!one.textContent?.includes('<at>') && !one.innerHTML.includes('<at>')) continue
      one.innerHTML = one.innerHTML.replace(
        /(?:&lt;|<)at(?:&gt;|>)(.*?)(?:&lt;|<)\/at(?:&gt;|>)/g,
        '<span class="mention">$1</span>',
      )
    }
    figure.append(caption, frame)
    sheet.append(figure)
  }
  return sheet.getBoundingClientRect().height
}
