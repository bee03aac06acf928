/** Blocks to check, as short as they are accepted; `more` adds to them or takes their place. */
export const all = { recentBlocks: true }
export const x = (length: number) => 'x'.repeat(length)
export const times = <T>(count: number, make: (i: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i))
export const plain = (text: string) => ({ type: 'plain_text', text })
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
export const section = (more: object = { text: plain('x') }) => ({ type: 'section', ...more })
export const actions = (...elements: object[]) => ({ type: 'actions', elements })
export const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more })
export const option = (more: object = {}) => ({ text: plain('A'), value: 'a', ...more })
export const options = (count: number) => times(count, (i) => option({ value: `v${i}` }))
export const confirm = (more: object = {}) => ({
  title: plain('Sure?'),
  text: plain('Really'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
})
export const select = (more: object) => ({ type: 'static_select', action_id: 'pick', ...more })
export const textInput = (more: object = {}) => ({ type: 'plain_text_input', action_id: 'why', ...more })
export const input = (more: object = {}) => ({
  type: 'input',
  label: plain('Why'),
  element: textInput(),
  ...more,
})
export const rich = (...elements: object[]) => ({ type: 'rich_text', elements })
export const richList = (indent: number) =>
  rich({
    type: 'rich_text_list',
    style: 'bullet',
    indent,
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
  })
export const modal = (more: object = {}) => ({
  type: 'modal',
  title: plain('Title'),
  blocks: [section()],
  ...more,
})
export const home = (more: object = {}) => ({ type: 'home', blocks: [section()], ...more })
