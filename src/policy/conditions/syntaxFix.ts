import { textOrComment } from './outline.ts'
/** What is wrong with the writing of a condition: where (UTF-16 units from the start), and the fix. */
export interface SyntaxFix {
  readonly at: number
  readonly message: string
}

/**
 * Why a condition is not CEL. The parser only says how far it came, often not as far as the slip, so the text itself is
 * looked at for what people write instead of CEL: the first such slip is told, else the place of the parser. `parser`: its
 * place and its words.
 */
export function syntaxFix(source: string, parser: { readonly at: number; readonly said: string }): SyntaxFix {
  const code = withoutTexts(source)
  if (code.trim() === '')
    return { at: 0, message: 'There is no condition here: write one, or remove the property.' }
  const slips = [...slipsIn(code), ...unclosedText(source, code), ...thousands(code)]
  const [first = brackets(code) ?? unfinished(code) ?? unread(code, parser)] = slips.sort(byPlace)
  return { at: first.at, message: `This is not CEL: ${first.message}` }
}

const skipped = new RegExp(textOrComment, 'g')

/** Of the same length: comments are blank, and a text is one long word, so that nothing in them is taken for code. */
function withoutTexts(source: string): string {
  return source.replace(skipped, (part) => (part.startsWith('//') ? ' ' : '_').repeat(part.length))
}

/** What stands in no condition that is CEL, and what to write instead. */
const table: readonly (readonly [slip: RegExp, fix: (found: string) => string])[] = [
  [/!==|===/g, (found) => `compare with ${found.slice(0, 2)} instead of ${found}.`],
  [/=>|=</g, (found) => `write ${found === '=>' ? '>=' : '<='} instead of ${found}.`],
  [/<>/g, () => 'write != instead of <>.'],
  [/=~/g, () => 'for a regular expression write text.matches("pattern").'],
  [/(?<![=!<>])=(?![=<>~])/g, () => 'compare with == instead of =.'],
  [/(?<!&)&(?!&)/g, () => 'write && instead of &.'],
  [/(?<!\|)\|(?!\|)/g, () => 'write || instead of |.'],
  [
    /(?<![.\w])not\s+in(?!\w)|!\s*in(?!\w)/gi,
    () => 'for "not in" write ! before the whole: !(x in ["a", "b"]).',
  ],
  [
    /(?<![.\w])is\s+(not\s+)?(null|none|empty)(?!\w)/gi,
    () => 'to ask whether a fact is there, write has(…), or !has(…).',
  ],
  [/(?<![.\w])and(?!\w)/gi, (found) => `write && instead of ${found}.`],
  [/(?<![.\w])or(?!\w)/gi, (found) => `write || instead of ${found}.`],
  [/(?<![.\w])not(?!\w)/gi, (found) => `write ! instead of ${found}: !(x).`],
  [
    /(?<![.\w])like(?!\w)/gi,
    () => 'for "like" write text.startsWith("x"), text.endsWith("x") or text.contains("x").',
  ],
  [/(?<![.\w])between(?!\w)/gi, () => 'for "between" write x >= 1 && x <= 9.'],
  [/(?<![.\w])if(?!\w)/g, () => 'for "if" write condition ? one : other, or only the condition.'],
  [/(?<![.\w])in\s*\(/g, () => 'a list has square brackets: x in ["a", "b"].'],
  [/(?<![.\w])\d+(_\d+)+/g, (found) => `write ${found.replaceAll('_', '')} instead of ${found}.`],
  [/(?<![.\w])\d+ \d{3}(?!\d)/g, (found) => `write ${found.replace(' ', '')} instead of ${found}.`],
  [/[“”„«»‘’‚`´]/g, (found) => `put text in straight quotes, "…" or '…', instead of ${found}.`],
  [/[–−]/g, (found) => `write - instead of ${found}.`],
  [/#/g, () => 'a comment begins with // here.'],
  [/;/g, () => 'remove the ;: a condition is one expression, joined with && and ||.'],
]

function slipsIn(code: string): readonly SyntaxFix[] {
  return table.flatMap(([slip, fix]) => {
    const found = code.matchAll(slip).next().value
    return found === undefined ? [] : [{ at: found.index, message: fix(found[0]) }]
  })
}

/**
 * A quote that is left after texts are taken out closes nothing. In plain YAML text the rest may be missing because of a
 * `#`, which cannot be seen here; block text ends with a line break, and there it cannot have happened.
 */
function unclosedText(source: string, code: string): readonly SyntaxFix[] {
  const at = code.search(/["']/)
  if (at === -1) return []
  const quote = code[at] ?? ''
  const cut = source.endsWith('\n')
    ? ''
    : ' If the file goes on with #, that began a comment of YAML: write the condition as block text, `when: |` and the condition on the next line.'
  return [
    {
      at,
      message: `the text that begins here is not closed: end it with ${quote}. (A quote inside a text is written \\${quote}.)${cut}`,
    },
  ]
}

/** `1,000`, where it is not two items of a list or two values of a call. */
function thousands(code: string): readonly SyntaxFix[] {
  const found = [...code.matchAll(/(?<![.\w])\d{1,3}(,\d{3})+(?!\d)/g)].find(
    ({ index }) => !inList(code.slice(0, index)),
  )
  if (found === undefined) return []
  return [{ at: found.index, message: `write ${found[0].replaceAll(',', '')} instead of ${found[0]}.` }]
}

function inList(before: string): boolean {
  const open = openBrackets(before).open.at(-1)
  return open !== undefined && (before[open] !== '(' || /\w\s*$/.test(before.slice(0, open)))
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Where the brackets that stay open are, and the first one that closes none. */
function openBrackets(code: string): { readonly open: readonly number[]; readonly stray: number | null } {
  const open: number[] = []
  for (const { 0: bracket, index } of code.matchAll(/[()[\]{}]/g)) {
    if (bracket in closing) open.push(index)
    else if (closing[code[open.at(-1) ?? code.length] ?? ''] !== bracket) return { open, stray: index }
    else open.pop()
  }
  return { open, stray: null }
}

function brackets(code: string): SyntaxFix | null {
  const { open, stray } = openBrackets(code)
  if (stray !== null) {
    const message = `this ${code[stray]} closes nothing: remove it, or open it first.`
    return { at: stray, message }
  }
  const at = open.at(-1)
  return at === undefined
    ? null
    : { at, message: `this ${code[at]} is not closed: add ${closing[code[at] ?? '']}.` }
}

/** It ends, or begins, with an operator that wants something on both sides. */
function unfinished(code: string): SyntaxFix | null {
  const end = /(&&|\|\||[=!<>]=|[<>+\-*/%!?:.,]|(?<!\w)in)\s*$/.exec(code)
  if (end) return { at: end.index, message: `something has to follow ${end[1]}.` }
  const begin = /^\s*(&&|\|\||[=!<>]=|[<>+*/%?:,]|in(?!\w))/.exec(code)
  return begin && { at: begin[0].search(/\S/), message: `something has to come before ${begin[1]}.` }
}

function unread(code: string, { at, said }: { readonly at: number; readonly said: string }): SyntaxFix {
  const from = at + (/^\s*/.exec(code.slice(at))?.[0].length ?? 0)
  const [word = ''] = /^(\w+|\W)/.exec(code.slice(from)) ?? []
  if (said === 'reserved identifier')
    return { at, message: `"${word}" is reserved: a name that is not a fact goes in quotes.` }
  if (/^\w/.test(word))
    return { at, message: 'an operator is missing before this, such as && or ==; text goes in quotes.' }
  return {
    at,
    message:
      'this, or what follows it, is not understood. Facts, numbers, "texts" and lists are joined with && || ! == != < <= > >= in.',
  }
}

const byPlace = (left: SyntaxFix, right: SyntaxFix): number => left.at - right.at
