import { resolve } from 'node:path'
import envPaths from 'env-paths'

/**
 * The folder for what paddle-ts keeps: `PADDLE_TS_HOME`, or the platform's usual folder for user data. It may
 * not exist yet.
 */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const asked = environment['PADDLE_TS_HOME']
  return asked ? resolve(asked) : envPaths('paddle-ts', { suffix: '' }).data
}
