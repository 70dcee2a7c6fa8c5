import { z } from 'zod'
import { expecting } from '../config-errors.js'
import type { PostProcess } from '../model-config.js'

/** How the outputs are read, and where the names of the classes come from. */
export interface ParsedPostProcess {
  readonly postProcess?: PostProcess
  readonly labels?: readonly string[]
  /** The file of the names, as written in the configuration. */
  readonly labelsFile?: string
  /** Separates number and name in that file. */
  readonly delimiter?: string
}

/** YAML reads names such as `7` and `yes` as other types. */
export const label = z
  .union([z.string(), z.number(), z.boolean()], { error: expecting('a name') })
  .transform(String)

export const labelList = z.array(label)

/** The parameters that name classes. */
export const named = {
  label_list: labelList.nullish(),
  class_id_map_file: z.string().nullish(),
  delimiter: z.string().min(1).nullish(),
}

/** A list in the configuration takes precedence over a separate file. */
export function labelsOf({
  label_list,
  class_id_map_file,
  delimiter,
}: {
  readonly [Name in keyof typeof named]?: z.infer<(typeof named)[Name]> | undefined
}): Omit<ParsedPostProcess, 'postProcess'> {
  if (label_list && label_list.length > 0) return { labels: label_list }
  // YAML reads Python's `None` as a text. PaddleClas finds no such file, and goes on without names.
  if (class_id_map_file == null || class_id_map_file === 'None') return {}
  return { labelsFile: class_id_map_file, ...(delimiter != null && { delimiter }) }
}
