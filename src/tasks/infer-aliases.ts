/** Other names of `paddle-ts infer`, for tasks. Apart from their specs: a command line's first word loads no task. */
export const inferAliases: readonly string[] = ['classify']
