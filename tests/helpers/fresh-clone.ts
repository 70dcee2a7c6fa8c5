import { existsSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { execa } from 'execa'
import { root } from './root.js'

/** npm variables that refer to this repository; the user's own npm settings stay. */
const ofThisRun =
  /^(npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|user_agent))|INIT_CWD)/

/**
 * The environment of a process outside of this repository: without npm variables and programs that refer to
 * it.
 */
export const outsideEnvironment: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThisRun.test(name))),
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(root))
    .join(delimiter),
}

/** Downloads take time. */
export const patience = 600_000

/**
 * Clones the working tree, including uncommitted changes, into `folder`, without packages and not built.
 * Returns the repository that it was cloned from, which is next to it.
 */
export async function cloneInto(folder: string): Promise<string> {
  const repository = `${folder}.git-origin`
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout } = await execa('git', list, { cwd: root })
  for (const name of stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))) {
    await mkdir(dirname(join(repository, name)), { recursive: true })
    await cp(join(root, name), join(repository, name))
  }
  const author = ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.org']
  const git = (...args: string[]) => execa('git', [...author, ...args], { cwd: repository })
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '.')
  await git('commit', '--quiet', '--no-gpg-sign', '--message=The working tree')
  await git('clone', '--quiet', repository, folder)
  return repository
}
