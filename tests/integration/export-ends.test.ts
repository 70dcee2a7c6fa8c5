import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { exportModel } from '../../src/export/index.js'
import { processesWith } from '../helpers/processes.js'
import { testPython } from '../helpers/python.js'
import { makeFolder, shared } from '../helpers/shared.js'

const folders = shared(makeFolder)
const small = { model: 'LeNet', seed: 1 } as const

describe('rejected calls', () => {
  test.each(['file', 'file/sub'])('a folder that cannot be made: %s', async (name) => {
    const folder = folders().fresh()
    await mkdir(folder)
    await writeFile(join(folder, 'file'), 'mine')
    await expect(exportModel({ ...small, saveInferenceDir: join(folder, name) })).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'EXPORT_TARGET_UNUSABLE',
      message:
        `The export cannot write into ${folder}/${name}: ${folder}/file is a file.\n` +
        'Use another folder, or check its free space and permissions.',
    })
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('mine')
  })

  test('a folder whose name is too long', async () => {
    const folder = join(folders().path, 'a'.repeat(300))
    await expect(exportModel({ ...small, saveInferenceDir: folder })).rejects.toMatchObject({
      code: 'EXPORT_TARGET_UNUSABLE',
      message:
        `The export cannot write into ${folder}: File name too long.\n` +
        'Use another folder, or check its free space and permissions.',
    })
  })

  test('a Python without paddle', async () => {
    const python = join(folders().fresh(), 'bare', 'bin', 'python3')
    await execa('python3', ['-m', 'venv', '--without-pip', join(python, '../..')])
    await expect(
      exportModel({ ...small, python, saveInferenceDir: folders().fresh() }),
    ).rejects.toMatchObject({
      code: 'PADDLE_NOT_INSTALLED',
      message: `${python} cannot import paddle: No module named 'paddle'.\nInstall it: paddle-ts setup`,
    })
  })
})

describe('an interrupted export', () => {
  test('an abort before the start starts nothing', async () => {
    const reason = new Error('changed my mind')
    await expect(
      exportModel({ ...small, saveInferenceDir: folders().fresh(), signal: AbortSignal.abort(reason) }),
    ).rejects.toMatchObject({
      code: 'ABORTED',
      message: 'The export of LeNet was aborted by its signal.',
      cause: reason,
    })
  })

  test.each(['Importing paddle', 'Building resnet18', 'Exporting resnet18'])(
    'an abort during “%s” leaves existing files unchanged',
    async (when) => {
      const folder = folders().fresh()
      const abort = new AbortController()
      const failure = exportModel({
        model: 'resnet18',
        saveInferenceDir: folder,
        signal: abort.signal,
        onProgress: ({ step }) => {
          if (step === when) abort.abort()
        },
      })
      await expect(failure).rejects.toMatchObject({
        code: 'ABORTED',
        message: 'The export of resnet18 was aborted by its signal.',
      })
      await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' })
    },
  )

  test('a listener that throws ends the export with its error', async () => {
    const folder = folders().fresh()
    const mistake = new Error('in the listener')
    const onProgress = (): never => {
      throw mistake
    }
    await expect(exportModel({ ...small, saveInferenceDir: folder, onProgress })).rejects.toBe(mistake)
    await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a killed Python is reported, and its unfinished files are removed', async () => {
    const folder = folders().fresh()
    const python = await testPython()
    const failure = exportModel({
      model: 'resnet18',
      saveInferenceDir: folder,
      onProgress: ({ step }) => {
        if (step === 'Exporting resnet18')
          for (const pid of processesWith(folder)) process.kill(pid, 'SIGKILL')
      },
    })
    await expect(failure).rejects.toMatchObject({
      code: 'EXPORT_FAILED',
      message:
        `The export of resnet18 failed: ${python} died with SIGKILL.\n` +
        'If nobody killed it, the machine has too little memory for this network: use a smaller one.',
    })
    await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
