/** A limit of a process that memory may run into. */
interface Limit {
  readonly number: number
  /** The shell's option that sets it. */
  readonly option: string
}

const addressSpace = { number: process.platform === 'linux' ? 9 : 5, option: 'ulimit -v' }
/** Of files, which regions are to the kernel. */
export const fileSize: Limit = { number: 1, option: 'ulimit -f' }

/** The limit that stands behind a reason of the system's. */
const behind: Readonly<Record<string, Limit>> = { EFBIG: fileSize, ENOMEM: addressSpace }

/** `getrlimit(2)`: the soft limit comes first. */
export type GetLimit = (resource: number, limits: BigUint64Array) => number

/** How many bytes this process may have; Infinity without a limit. */
export function softLimit(getLimit: GetLimit, { number }: Limit): number {
  const limits = new BigUint64Array(2)
  const [soft = 0n] = getLimit(number, limits) === 0 ? limits : []
  // None is the greatest number that there is, or half of it.
  return soft === 0n || soft >= 2n ** 63n - 1n ? Infinity : Number(soft)
}

/** The system's reason, with the limit that stands behind it: `EFBIG; ulimit -f is 1024 KiB`. */
export function describeErrno(reason: string, getLimit: GetLimit): string {
  const limit = behind[reason]
  const bytes = limit ? softLimit(getLimit, limit) : Infinity
  return limit && bytes !== Infinity ? `${reason}; ${limit.option} is ${bytes / 1024} KiB` : reason
}
