/**
 * The flags that every Python of paddle-ts gets: the caller's PYTHONPATH, PYTHONHOME and the like (`-E`) and the user's own
 * site-packages (`-s`) stay out of it, and so do warnings that paddle prints at import. Even a Python 2 knows these.
 */
export const isolation: readonly string[] = ['-E', '-s', '-W', 'ignore']

/** Those of a Python that runs a script of ours: paths and texts are UTF-8, as in Node, whatever the locale says. */
export const interpreterArguments: readonly string[] = [...isolation, '-X', 'utf8']

/** The caller's variables that would lead a Python out of its own folder; `-E` covers those named PYTHON*. */
const breaking = ['__PYVENV_LAUNCHER__', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE']

/**
 * The environment of a Python child: the caller's, so that LD_LIBRARY_PATH, CUDA_* and FLAGS_* reach paddle, without
 * what would break its isolation, in English, and with paddle's log quieted unless the caller has set how loud it is.
 */
export function interpreterEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PYTHON') && !breaking.includes(name),
  )
  return { GLOG_minloglevel: '2', ...inEnglish(Object.fromEntries(kept)) }
}

/** The same with English messages; how texts are encoded stays as it is. */
function inEnglish({ LC_ALL, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...others, ...(LC_ALL && { LC_CTYPE: LC_ALL }), LC_MESSAGES: 'C', LANGUAGE: '' }
}
