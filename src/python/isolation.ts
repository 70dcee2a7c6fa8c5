/**
 * The flags of every Python that paddle-ts starts. They ignore the caller's PYTHONPATH, PYTHONHOME and the
 * like (`-E`), the user's site-packages (`-s`), and warnings that paddle prints at import. Even Python 2
 * supports them.
 */
export const isolation: readonly string[] = ['-E', '-s', '-W', 'ignore']

/**
 * The flags for running a script of the package: paths and texts are UTF-8, as in Node, whatever the locale.
 */
export const interpreterArguments: readonly string[] = [...isolation, '-X', 'utf8']

/**
 * Variables of the caller that would make a Python look outside its own folder; `-E` covers those named
 * PYTHON*.
 */
const breaking = ['__PYVENV_LAUNCHER__', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE']

/**
 * Returns the environment for a Python child: the caller's, so that LD_LIBRARY_PATH, CUDA_* and FLAGS_* reach
 * paddle, without variables that break the isolation; with English messages; and with paddle's log reduced
 * unless the caller has set its level.
 */
export function interpreterEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PYTHON') && !breaking.includes(name),
  )
  return { GLOG_minloglevel: '2', ...inEnglish(Object.fromEntries(kept)) }
}

/** Selects English messages; the text encoding remains. */
function inEnglish({ LC_ALL, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...others, ...(LC_ALL && { LC_CTYPE: LC_ALL }), LC_MESSAGES: 'C', LANGUAGE: '' }
}
