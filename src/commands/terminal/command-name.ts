import { existsSync } from 'node:fs'
import { delimiter, join, sep } from 'node:path'
import { packageFile } from '../../package-files.js'
import { commandNames } from '../argv.js'

/** The name of the program. */
const program = 'paddle-ts'

let words: readonly string[] | undefined

/**
 * The words that start this program in the user's shell: `paddle-ts` if that is on the PATH, else those of the
 * package manager, such as `npx paddle-ts`.
 */
export function programWords(): readonly string[] {
  return (words ??= wordsFor(isInstalled(), process.env))
}

/** @param installed - whether a package manager has installed this package */
export function wordsFor(installed: boolean, environment: NodeJS.ProcessEnv): readonly string[] {
  if (!installed || isOnPath(environment)) return [program]
  const [manager = ''] = (environment['npm_config_user_agent'] ?? '').split('/')
  return [...(Object.hasOwn(runners, manager) ? (runners[manager] ?? []) : ['npx']), program]
}

/** How package managers other than npm run a program of a package. */
const runners: Readonly<Record<string, readonly string[]>> = {
  yarn: ['yarn'],
  pnpm: ['pnpm', 'exec'],
  bun: ['bunx'],
}

function isInstalled(): boolean {
  return packageFile('package.json').split(sep).includes('node_modules')
}

/** Folders that package managers add to the PATH of what they run, but not to that of the shell. */
const added = /(?:^|\/)(?:node_modules\/\.bin|node-gyp-bin|xfs-[^/]+)\/?$/

function isOnPath({ PATH = '', npm_config_user_agent: agent }: NodeJS.ProcessEnv): boolean {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '')
  const ofShell = agent === undefined ? folders : folders.filter((folder) => !added.test(folder))
  return ofShell.some((folder) => existsSync(join(folder, program)))
}

/** `paddle-ts` before a command or a flag, unless words to start it precede it. */
export const commandPattern = new RegExp(
  String.raw`(?<![\w@./-]|(?:npx|yarn|exec|bunx) )${program} (?=(?:${commandNames.join('|')})\b|--|<)`,
  'g',
)

/** Replaces the program's name in the commands of a text, so that the user can type them. */
export function asTyped(text: string): string {
  return text.includes(program) ? text.replace(commandPattern, () => `${programWords().join(' ')} `) : text
}
