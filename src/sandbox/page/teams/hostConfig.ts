/** How Teams sets an Adaptive Card: its sizes and distances, in the colours of the page, which know light and dark. */

const color = (name: string, subtle = 'var(--ink-2)') => ({
  default: `var(--${name})`,
  subtle,
  highlightColors: { default: 'var(--warn-soft)', subtle: 'var(--warn-soft)' },
})

const foreground = {
  default: color('ink'),
  dark: color('ink'),
  light: color('ink-3'),
  accent: color('accent', 'var(--accent)'),
  attention: color('danger', 'var(--danger)'),
  good: color('good', 'var(--good)'),
  warning: color('warn', 'var(--warn)'),
}

const box = (background: string) => ({
  backgroundColor: `var(--${background})`,
  foregroundColors: foreground,
})

export const hostConfig = {
  supportsInteractivity: true,
  fontFamily: 'var(--font)',
  fontTypes: {
    default: {
      fontFamily: 'var(--font)',
      fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
      fontWeights: { lighter: 300, default: 400, bolder: 600 },
    },
    monospace: {
      fontFamily: 'var(--mono)',
      fontSizes: { small: 12, default: 13, medium: 13, large: 17, extraLarge: 22 },
      fontWeights: { lighter: 300, default: 400, bolder: 600 },
    },
  },
  spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  containerStyles: {
    default: box('card'),
    emphasis: box('paper-2'),
    accent: box('accent-soft'),
    good: box('good-soft'),
    attention: box('danger-soft'),
    warning: box('warn-soft'),
  },
  textBlock: { headingLevel: 3 },
  textStyles: { heading: { weight: 'bolder', size: 'large', color: 'default', fontType: 'default' } },
  inputs: {
    label: {
      inputSpacing: 'small',
      requiredInputs: { weight: 'bolder', suffix: ' *', suffixColor: 'attention' },
      optionalInputs: { weight: 'bolder' },
    },
    errorMessage: { color: 'attention', weight: 'default', spacing: 'small' },
  },
  actions: {
    maxActions: 6,
    spacing: 'default',
    buttonSpacing: 8,
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    preExpandSingleShowCardAction: false,
    showCard: { actionMode: 'inline', inlineTopMargin: 16 },
  },
  adaptiveCard: { allowCustomStyle: false },
}
