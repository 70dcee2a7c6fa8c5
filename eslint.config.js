import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import js from '@eslint/js'
import { importX } from 'eslint-plugin-import-x'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/**
 * The folders of src/ from the outermost to the innermost. A folder may only import from folders after it.
 */
const rooms = [
  'cli',
  'commands',
  'tasks',
  'image',
  'inference',
  'bridge',
  'export',
  'reference',
  'environment',
  'python',
  'download',
  'async',
  'options',
  'model',
  'tensor',
]

/** The folders that a folder may import, through their index.ts, besides the leaves. */
const mayUse = {
  cli: [],
  commands: ['tasks', 'image', 'inference', 'export', 'reference', 'environment'],
  tasks: ['inference', 'image', 'reference'],
  image: ['download'],
  inference: ['bridge'],
  bridge: ['environment', 'python'],
  export: ['environment', 'python'],
  reference: ['environment', 'python'],
  environment: ['python'],
  python: [],
  download: [],
  async: [],
  options: [],
  model: [],
  tensor: [],
}
const leaves = ['tensor', 'model', 'async', 'options']

/** The forms of options, which the flags are built from; the parser and the help need nothing else. */
const formsOfInference = [
  ...['options', 'config/xpu-arguments.ts', 'one-shot/convert-options.ts', 'pool/pool-options.ts'].map(
    (path) => `inference/${path}`,
  ),
  'image/read-options.ts',
  'download/limits.ts',
]

/** Imports that bypass an index.ts, which would load more than a command needs before it can start. */
const pastIndex = {
  // Each command is a separate file; only the one that runs is loaded.
  cli: ['commands', 'environment/wheel-version.ts'],
  commands: [
    'inference/worker/prewarm.ts',
    ...formsOfInference,
    // Needed by the parser and the help.
    ...['options', 'registry', 'infer-aliases'].map((file) => `tasks/${file}.ts`),
    // Needed by the parser and the help; does not load execa.
    ...['input-spec', 'options'].map((file) => `export/${file}.ts`),
    'environment/environment-spec.ts',
    // Loads zod, which only the inspection of a Python needs.
    'environment/probe-interpreter.ts',
    // Loads fonts, which only drawing needs.
    'image/annotate/index.ts',
  ],
  inference: ['bridge/prewarm.ts'],
  image: ['download/limits.ts'],
  tasks: [...formsOfInference, 'image/annotate/index.ts'],
}

const zones = rooms.map((room) => ({
  target: `./src/${room}`,
  from: './src',
  except: [
    `./${room}`,
    ...mayUse[room].map((other) => `./${other}/index.ts`),
    ...(leaves.includes(room) ? [] : leaves.map((leaf) => `./${leaf}/index.ts`)),
    ...(pastIndex[room] ?? []).map((path) => `./${path}`),
    './errors.ts',
    './file-signatures.ts',
    './file-url.ts',
    './json.ts',
    './constructor-key.ts',
    './leftovers.ts',
    './nearest-name.ts',
    './write-failure.ts',
    './control-groups.ts',
    './out-of-memory.ts',
    './web-url.ts',
    './text-file.ts',
    './warnings.ts',
    './wording.ts',
    './progress.ts',
    './distribution.ts',
    './home-folder.ts',
    './load-koffi.ts',
    './archived-files.ts',
    './outside-archive.ts',
    './package-files.ts',
    './platform.ts',
  ],
  message: 'Import in one direction only, and through index.ts: see docs/architecture.md.',
}))

/** Third-party packages, and the folders or the file that may import them. */
const foreign = {
  pythonia: ['bridge'],
  execa: ['python'],
  koffi: ['load-koffi.ts'],
  sharp: ['image'],
  yargs: ['cli', 'commands'],
  undici: ['download'],
  'ipaddr.js': ['download'],
  ora: ['commands'],
}
const onlyIn = Object.entries(foreign).map(([name, rooms]) => ({
  files: ['src/**/*.ts'],
  ignores: rooms.map((room) => (room.endsWith('.ts') ? `src/${room}` : `src/${room}/**`)),
  name,
}))

/** Code must read the details of an error; its message is for people. */
const readsMessage = [
  'CallExpression[callee.object.property.name="message"]',
  'CallExpression[callee.property.name=/^(test|exec)$/][arguments.0.property.name="message"]',
].map((selector) => ({
  selector,
  message: 'Use shortMessage, reason or details of the error: see “An error” in CONTRIBUTING.md.',
}))

/** Task names, which only the task folders and their registry may use. */
const taskNames = readdirSync(join(import.meta.dirname, 'src/tasks'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(entry.parentPath, entry.name, 'spec.ts')))
  .map(({ name }) => name)
const namesTask = {
  selector: `Literal[value=/^(${taskNames.join('|')})$/]`,
  message: 'Use the registry of src/tasks: see “A task” in CONTRIBUTING.md.',
}

export default defineConfig(
  { ignores: ['assembly', 'dist', 'model', 'node_modules', '.cache', 'docs/api', 'examples/js'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
    },
  },
  {
    // Users copy the examples to a project with paddle-ts installed; here only the root's tsconfig.json
    // resolves it.
    files: ['examples/**/*.ts'],
    languageOptions: { parserOptions: { projectService: false, project: 'tsconfig.json' } },
  },
  {
    files: ['tests/**/*.ts', 'examples/**/*.ts'],
    // A missing value fails the test at once, and the error shows where.
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: 'Use startTimer of src/async, which takes any delay.' },
        { name: 'setInterval', message: 'Wait for an event instead.' },
      ],
      'no-restricted-syntax': ['error', ...readsMessage, namesTask],
      'import-x/no-restricted-paths': ['error', { zones }],
    },
  },
  { files: ['src/async/timer.ts'], rules: { 'no-restricted-globals': 'off' } },
  {
    files: ['src/tasks/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...readsMessage] },
  },
  ...onlyIn.map(({ files, ignores, name }, index) => ({
    files,
    ignores,
    plugins: { [`only-${index}`]: { rules: { room: onlyInRoom(name) } } },
    rules: { [`only-${index}/room`]: 'error' },
  })),
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
  {
    // Runs in a browser.
    files: ['report/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'document',
          'getComputedStyle',
          'getSelection',
          'matchMedia',
          'navigator',
          'ResizeObserver',
          'uPlot',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
)

function onlyInRoom(name) {
  return {
    create: (context) => ({
      'ImportDeclaration, ImportExpression'(node) {
        const from = String(node.source.value)
        if (from === name || from.startsWith(`${name}/`)) {
          context.report({ node, message: `Only src/${foreign[name]} imports ${name}.` })
        }
      },
    }),
  }
}
