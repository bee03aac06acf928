/** The elements and actions of Adaptive Cards 1.5 that Teams draws in a bot's message. What is not here is refused. */
import { z } from 'zod'

const placed = {
  id: z.string().min(1).optional(),
  spacing: z.enum(['None', 'Small', 'Default', 'Medium', 'Large', 'ExtraLarge', 'Padding']).optional(),
  separator: z.boolean().optional(),
  isVisible: z.boolean().optional(),
  height: z.enum(['auto', 'stretch']).optional(),
}
const color = z.enum(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention']).optional()
const said = {
  color,
  fontType: z.enum(['Default', 'Monospace']).optional(),
  isSubtle: z.boolean().optional(),
  size: z.enum(['Default', 'Small', 'Medium', 'Large', 'ExtraLarge']).optional(),
  weight: z.enum(['Default', 'Lighter', 'Bolder']).optional(),
}
const align = z.enum(['Left', 'Center', 'Right']).optional()
const boxStyle = z.enum(['default', 'emphasis', 'good', 'attention', 'warning', 'accent']).optional()

const textBlock = z.strictObject({
  type: z.literal('TextBlock'),
  ...placed,
  ...said,
  text: z.string(),
  wrap: z.boolean().optional(),
  maxLines: z.number().int().positive().optional(),
  style: z.enum(['default', 'heading']).optional(),
  horizontalAlignment: align,
})

const textRun = z.strictObject({
  type: z.literal('TextRun'),
  ...said,
  text: z.string(),
  highlight: z.boolean().optional(),
  italic: z.boolean().optional(),
  strikethrough: z.boolean().optional(),
  underline: z.boolean().optional(),
})

const richTextBlock = z.strictObject({
  type: z.literal('RichTextBlock'),
  ...placed,
  horizontalAlignment: align,
  inlines: z.array(z.union([z.string(), textRun])).min(1),
})

const factSet = z.strictObject({
  type: z.literal('FactSet'),
  ...placed,
  facts: z.array(z.strictObject({ title: z.string(), value: z.string() })).min(1),
})

const asked = {
  ...placed,
  id: z.string().min(1),
  label: z.string().min(1).optional(),
  isRequired: z.boolean().optional(),
  errorMessage: z.string().optional(),
}

const inputText = z.strictObject({
  type: z.literal('Input.Text'),
  ...asked,
  isMultiline: z.boolean().optional(),
  maxLength: z.number().int().positive().optional(),
  placeholder: z.string().optional(),
  regex: z.string().optional(),
  style: z.enum(['text', 'tel', 'url', 'email', 'password']).optional(),
  value: z.string().optional(),
})

const inputToggle = z.strictObject({
  type: z.literal('Input.Toggle'),
  ...asked,
  title: z.string().min(1),
  value: z.string().optional(),
  valueOn: z.string().optional(),
  valueOff: z.string().optional(),
  wrap: z.boolean().optional(),
})

const inputChoiceSet = z.strictObject({
  type: z.literal('Input.ChoiceSet'),
  ...asked,
  choices: z.array(z.strictObject({ title: z.string().min(1), value: z.string() })).min(1),
  isMultiSelect: z.boolean().optional(),
  placeholder: z.string().optional(),
  style: z.enum(['compact', 'expanded', 'filtered']).optional(),
  value: z.string().optional(),
  wrap: z.boolean().optional(),
})

const pressable = {
  id: z.string().min(1).optional(),
  title: z.string().min(1),
  style: z.enum(['default', 'positive', 'destructive']).optional(),
  mode: z.enum(['primary', 'secondary']).optional(),
  tooltip: z.string().optional(),
  isEnabled: z.boolean().optional(),
}

/** In `refresh` it has no title: nobody presses it. */
const executed = {
  type: z.literal('Action.Execute'),
  verb: z.string().min(1),
  data: z.record(z.string(), z.unknown()).optional(),
  associatedInputs: z.enum(['auto', 'none']).optional(),
}
const execute = z.strictObject({ ...pressable, ...executed })
const submit = z.strictObject({
  ...pressable,
  type: z.literal('Action.Submit'),
  data: z.record(z.string(), z.unknown()).optional(),
  associatedInputs: z.enum(['auto', 'none']).optional(),
})
const openUrl = z.strictObject({
  ...pressable,
  type: z.literal('Action.OpenUrl'),
  url: z.url({ protocol: /^https?$/ }),
})
const action = z.discriminatedUnion('type', [execute, submit, openUrl])

const actionSet = z.strictObject({
  type: z.literal('ActionSet'),
  ...placed,
  horizontalAlignment: align,
  actions: z.array(action).min(1),
})

const container = z.strictObject({
  type: z.literal('Container'),
  ...placed,
  style: boxStyle,
  bleed: z.boolean().optional(),
  get items() {
    return z.array(element)
  },
})

const column = z.strictObject({
  type: z.literal('Column').optional(),
  ...placed,
  style: boxStyle,
  width: z.union([z.string(), z.number()]).optional(),
  verticalContentAlignment: z.enum(['Top', 'Center', 'Bottom']).optional(),
  get items() {
    return z.array(element)
  },
})

const columnSet = z.strictObject({
  type: z.literal('ColumnSet'),
  ...placed,
  style: boxStyle,
  columns: z.array(column).min(1),
})

const element: z.ZodType = z.discriminatedUnion('type', [
  textBlock,
  richTextBlock,
  factSet,
  inputText,
  inputToggle,
  inputChoiceSet,
  actionSet,
  container,
  columnSet,
])

const mention = z.strictObject({
  type: z.literal('mention'),
  text: z.string().regex(/^<at>[^<]+<\/at>$/),
  mentioned: z.strictObject({ id: z.string().min(1), name: z.string().min(1) }),
})

/** Teams ends at 1.5, and draws less below it. */
export const cardSchema = z.strictObject({
  type: z.literal('AdaptiveCard'),
  $schema: z.string().optional(),
  version: z.literal('1.5'),
  fallbackText: z.string().optional(),
  speak: z.string().optional(),
  body: z.array(element),
  actions: z.array(action).optional(),
  refresh: z
    .strictObject({
      action: z.strictObject({ ...executed, title: z.string().optional() }),
      userIds: z.array(z.string()).max(60).optional(),
      expires: z.iso.datetime().optional(),
    })
    .optional(),
  msteams: z
    .strictObject({ width: z.literal('Full').optional(), entities: z.array(mention).optional() })
    .optional(),
})
