/** Whose machine it is. */
export interface CurrentUser {
  readonly home: string
  readonly name: string
  /** The values of variables that are named like a secret. */
  readonly secrets: readonly string[]
}

const secretName = /token|secret|key|passw|credential/i
/** A shorter value is no secret, and may be part of any word. */
const shortestSecret = 6

/** The values among these variables that are a secret by their name. */
export function secretsIn(variables: Readonly<Record<string, string | undefined>>): string[] {
  const values = Object.entries(variables).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined && value.length >= shortestSecret ? [value] : [],
  )
  // One that holds another one comes first.
  return values.sort((a, b) => b.length - a.length)
}

/** What looks like a password, a key or a token. The name before it stays, so that it can be seen what it was. */
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
  // Long and without a meaning: letters and digits mixed. C++ writes its names so too, with _Z before them.
  [/(?<![\w])(?!_Z)(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{32,}(?![\w])/g, '…'],
]

/** A text without its reader's home folder and name, and without what looks like a secret. */
export function redactSecrets(text: string, { home, name, secrets: values }: CurrentUser): string {
  let told = text
  for (const value of values) told = told.replaceAll(value, '…')
  for (const [pattern, replacement] of secrets) told = told.replace(pattern, replacement)
  if (home.length > 1) told = told.replace(new RegExp(`${escaped(home)}(?![\\w-])`, 'g'), '~')
  return name.length < 2
    ? told
    : told.replace(new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`, 'g'), 'USER')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
