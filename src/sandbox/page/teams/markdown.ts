/** The little Markdown that Teams draws in a TextBlock, as HTML in which nothing but it is markup. Pure. */

const letters: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Bold, italic, links, lists and mentions. Everything else is text. */
export function markdownHtml(text: string): string {
  const lines = escaped(text).split(/\r?\n/)
  const parts: string[] = []
  let list: string[] = []
  const endList = () => {
    if (list.length > 0) parts.push(`<ul>${list.map((item) => `<li>${item}</li>`).join('')}</ul>`)
    list = []
  }
  for (const line of lines) {
    const item = /^\s*[-*] (.*)$/.exec(line)?.[1]
    if (item !== undefined) list.push(inline(item))
    else {
      endList()
      if (line.trim() !== '') parts.push(`<p>${inline(line)}</p>`)
    }
  }
  endList()
  return parts.join('')
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => letters[letter] ?? letter)
}

function inline(html: string): string {
  return html
    .replace(/&lt;at&gt;(.+?)&lt;\/at&gt;/g, '<span class="mention">$1</span>')
    .replace(/\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g, '<a href="$2" target="_blank" rel="noreferrer">$1</a>')
    .replace(/\*\*(\S(?:.*?\S)?)\*\*/g, '<strong>$1</strong>')
    .replace(/(^|[\s(])_(\S(?:.*?\S)?)_(?=$|[\s).,:;!?])/g, '$1<em>$2</em>')
    .replace(/(^|[\s(])\*(\S(?:.*?\S)?)\*(?=$|[\s).,:;!?])/g, '$1<em>$2</em>')
}
