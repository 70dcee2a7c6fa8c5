import type { Checked } from '../../src/commands/command.js'
import { formatInFlags } from '../../src/commands/flags/flag-errors.js'

/** The message of the command line for invalid flags; `true` for valid ones. */
export async function said(checked: Checked | Promise<Checked>): Promise<true | string> {
  const wrong = await checked
  return wrong === true ? true : formatInFlags(wrong)
}
