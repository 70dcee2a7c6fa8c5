/** The user of the machine. */
export interface CurrentUser {
  readonly home: string
  readonly name: string
  /** The values of environment variables whose names suggest a secret. */
  readonly secrets: readonly string[]
}

const secretName = /token|secret|key|passw|credential/i
/** Shorter values are not treated as secrets, because they may be part of any word. */
const shortestSecret = 6

/** The values of the variables whose names suggest a secret. */
export function secretsIn(variables: Readonly<Record<string, string | undefined>>): string[] {
  const values = Object.entries(variables).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined && value.length >= shortestSecret ? [value] : [],
  )
  // Longest first, because one value may contain another.
  return values.sort((a, b) => b.length - a.length)
}

/**
 * Patterns of passwords, keys and tokens. The name before a value stays, so that its kind remains visible.
 */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/(\w:\/\/)[^\s/@]+@/g, '$1…@'],
  [/\b(authorization\s*[:=]\s*)(?:(?:bearer|basic)\s+)?\S+/gi, '$1…'],
  [/\b(bearer\s+)[\w.~+/-]{8,}=*/gi, '$1…'],
  [
    /((?:api[_-]?key|access[_-]?key|token|secret|passw(?:or)?d|credentials?)\w*["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    '$1…',
  ],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '…'],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|hf_|npm_|pypi-|sk-|xox[abprs]-|AKIA)[\w-]{8,}/g, '…'],
  // Long random strings of letters and digits. Mangled C++ names look alike, but start with _Z.
  [/(?<![\w])(?!_Z)(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{32,}(?![\w])/g, '…'],
]

/** Removes the user's home folder and name, and what looks like a secret, from a text. */
export function redactSecrets(text: string, { home, name, secrets: values }: CurrentUser): string {
  let redacted = text
  for (const value of values) redacted = redacted.replaceAll(value, '…')
  for (const [pattern, replacement] of secrets) redacted = redacted.replace(pattern, replacement)
  if (home.length > 1) redacted = redacted.replace(new RegExp(`${escaped(home)}(?![\\w-])`, 'g'), '~')
  return name.length < 2
    ? redacted
    : redacted.replace(new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`, 'g'), 'USER')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
