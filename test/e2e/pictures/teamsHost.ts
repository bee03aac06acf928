/**
 * How Teams draws cards: the host configuration of its web client, as far as Microsoft publishes one
 * (https://github.com/microsoft/AdaptiveCards/tree/main/samples/HostConfig), in the colours of its two usual themes.
 */
const themes = {
  light: {
    page: '#f5f5f5',
    card: '#ffffff',
    emphasis: '#f0f0f0',
    border: '#d1d1d1',
    text: '#242424',
    subtle: '#616161',
    attention: '#b10e1c',
    warning: '#835c00',
    good: '#0e700e',
    accent: '#444791',
  },
  dark: {
    page: '#1f1f1f',
    card: '#292929',
    emphasis: '#1f1f1f',
    border: '#525252',
    text: '#ffffff',
    subtle: '#adadad',
    attention: '#f1707b',
    warning: '#f8d22a',
    good: '#92c353',
    accent: '#a6a7dc',
  },
} as const

export type Theme = keyof typeof themes

export function hostConfigOf(theme: Theme) {
  const colours = themes[theme]
  const colour = (of: string) => ({ default: of, subtle: of })
  const foregroundColors = {
    default: { default: colours.text, subtle: colours.subtle },
    accent: colour(colours.accent),
    attention: colour(colours.attention),
    warning: colour(colours.warning),
    good: colour(colours.good),
  }
  return {
    fontFamily: '"Segoe UI", system-ui, sans-serif',
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 200, default: 400, bolder: 600 },
    fontTypes: {
      default: { fontFamily: '"Segoe UI", system-ui, sans-serif' },
      monospace: { fontFamily: 'Consolas, "DejaVu Sans Mono", monospace' },
    },
    lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
    spacing: { none: 0, small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: colours.border },
    supportsInteractivity: true,
    containerStyles: {
      default: { backgroundColor: colours.card, foregroundColors },
      emphasis: { backgroundColor: colours.emphasis, foregroundColors },
    },
    textStyles: { heading: { size: 'large', weight: 'bolder', isSubtle: false, color: 'default' } },
    textBlock: { headingLevel: 2 },
    actions: {
      maxActions: 6,
      spacing: 'Default',
      buttonSpacing: 8,
      actionsOrientation: 'Horizontal',
      actionAlignment: 'Left',
      showCard: { actionMode: 'Inline' },
    },
    inputs: {
      label: {
        requiredInputs: { weight: 'Bolder', color: 'Default', suffix: ' *' },
        optionalInputs: { weight: 'Bolder', color: 'Default' },
      },
    },
  }
}

/** What the package leaves to the page. */
export function styleOf(theme: Theme): string {
  const c = themes[theme]
  return `
    body { margin: 0; background: ${c.page}; color: ${c.text}; font: 14px "Segoe UI", system-ui, sans-serif }
    #sheet { padding: 12px; display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; box-sizing: border-box }
    figure { margin: 0; width: var(--width) }
    figcaption { font-size: 12px; padding: 4px 0; overflow-wrap: anywhere; color: ${c.subtle} }
    .card { border: 1px solid ${c.border}; border-radius: 8px; overflow: hidden }
    .ac-pushButton { font: 600 14px "Segoe UI", system-ui, sans-serif; min-height: 32px; padding: 5px 12px; border-radius: 4px;
      border: 1px solid ${c.border}; background: ${c.card}; color: ${c.text} }
    .ac-pushButton.style-positive { background: ${c.accent}; color: ${c.card}; border-color: ${c.accent} }
    .ac-pushButton.style-destructive { color: ${c.attention}; border-color: ${c.attention} }
    .ac-actionSet { flex-wrap: wrap; row-gap: 8px }
    .ac-actionSet > div:not([style*="flex: 0 1"]) { flex: 0 0 0 }
    .ac-textBlock, .ac-richTextBlock { overflow-wrap: break-word }
    .mention { color: ${c.accent} }
    input[type=text], textarea, select { font: inherit; width: 100%; box-sizing: border-box }`
}
