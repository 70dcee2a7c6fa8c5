import type { Checked } from '../../src/commands/command.js'
import { formatInFlags } from '../../src/commands/flags/flag-errors.js'

/** What is wrong with flags, as the command line says it; `true` where nothing is. */
export async function said(checked: Checked | Promise<Checked>): Promise<true | string> {
  const wrong = await checked
  return wrong === true ? true : formatInFlags(wrong)
}
