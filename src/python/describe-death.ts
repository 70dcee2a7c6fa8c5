import type { Death } from './python-process.js'

/** As much as is known of how a process has ended. */
export type Ending = { readonly [Name in keyof Death]?: Death[Name] | undefined }

/** How a process has ended, in words that follow its name, and the last lines that it wrote. @param doing ` while it …` */
export function describeDeath(
  { exitCode, signal, startError, broken, output = '' }: Ending,
  doing = '',
): string {
  const how =
    startError !== undefined
      ? `could not be started${doing}: ${startError}`
      : broken !== undefined
        ? `broke the protocol${doing}: ${broken}`
        : signal
          ? `died with ${signal}${doing}`
          : `ended with exit code ${exitCode ?? 'unknown'}${doing}`
  return `${how}.${output && ` Last lines of its output:\n${output}`}`
}
