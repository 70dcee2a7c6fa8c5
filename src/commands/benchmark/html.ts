/** Text as it stands in HTML, in an element or in a quoted attribute. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** HTML whose values are escaped; a list of {@link Html}, or one, is taken as it is. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const text = parts.map((part, index) => part + markupOf(values[index] ?? '')).join('')
  return new Html(text)
}

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

/** A value in a script element: nothing in it ends that. */
export function scriptJson(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', String.raw`\u003c`))
}

function markupOf(value: string | number | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
  return value.map(({ text }) => text).join('')
}
