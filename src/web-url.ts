/** The `http:` or `https:` URL that a text or an object is, of any realm; undefined for anything else. */
export function webUrlOf(value: unknown): URL | undefined {
  if (typeof value === 'string') {
    return /^https?:\/\//i.test(value) && URL.canParse(value) ? new URL(value) : undefined
  }
  const isUrl = Object.prototype.toString.call(value) === '[object URL]'
  return isUrl && /^https?:$/.test((value as URL).protocol) ? (value as URL) : undefined
}
