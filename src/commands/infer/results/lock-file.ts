import koffi from 'koffi'

const LOCK_EX = 2
const LOCK_NB = 4

let flock: ((descriptor: number, operation: number) => number) | undefined

/**
 * Takes a file for this process alone, by `flock(2)`: the system lets go of it when the process ends, however it does.
 *
 * @returns false when another process has it. A file system that knows no locks is taken at its word.
 */
export function lockFile(descriptor: number): boolean {
  flock ??= koffi
    .load(process.platform === 'linux' ? 'libc.so.6' : 'libSystem.B.dylib')
    .func('int flock(int fd, int operation)')
  return flock(descriptor, LOCK_EX | LOCK_NB) === 0 || koffi.errno() !== koffi.os.errno['EAGAIN']
}
