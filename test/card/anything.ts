import fc from 'fast-check'

/** Text as it may come from outside, much of it made of what a channel or an eye takes for something else. */
export const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '!', '@', '|', 'a', '\n', '\u202e', '\u200b', '`', '*'),
    maxLength: 300,
  }),
)
