/** The `--img-path` that stands for paths on standard input. */
export const standardInput = '-'
