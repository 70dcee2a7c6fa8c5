import { inspect } from 'node:util'
import { packageFile, readPackageFile, resolveDependency } from '../../../package-files.js'
import { medianLatency, type Recommendation } from '../search/recommend.js'
import { plotDataOf, type PlotData } from './plot-data.js'
import {
  describeMachine,
  describeTarget,
  precisionCaution,
  stopReason,
  unitOf,
  type BenchmarkResult,
} from './result.js'
import { milliseconds, rate, tableOf, type TableRow } from './table.js'
import { failuresOf } from './text.js'

/** The files that a page contains. @throws PaddleError PACKAGE_FILES_MISSING */
export function pageFiles() {
  return {
    plotStyle: file(resolveDependency('uplot/dist/uPlot.min.css')),
    pageStyle: file(packageFile('report/page.css')),
    plot: file(resolveDependency('uplot/dist/uPlot.iife.min.js')),
    page: file(packageFile('report/page.js')),
  }
}

/** A self-contained page: it opens from a file, without a network. */
export function asHtml(outcome: BenchmarkResult): string {
  const { model, date, command } = outcome
  const [caution, stop] = [precisionCaution(outcome), stopReason(outcome)]
  const data = plotDataOf(outcome)
  const files = pageFiles()
  const alone = outcome.images === undefined ? 'one request' : 'one image'
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        />
        <title>Benchmark of ${model}</title>
        <style>
          ${files.plotStyle}
          ${files.pageStyle}
        </style>
      </head>
      <body>
        <h1>${model}</h1>
        ${[describeTarget(outcome), ...describeMachine(outcome)].map((line) => html`<p class="quiet">${line}</p>`)}
        <p class="quiet">${date.toISOString().slice(0, 16).replace('T', ' ')} UTC</p>
        <div class="copy">${copyable(command)}</div>
        ${stop === undefined ? '' : html`<p class="bad">${stop}</p>`} ${cards(outcome)}
        ${caution === undefined ? '' : html`<p class="quiet">${caution}</p>`} ${throughput(data)}
        <h2>Latency, ${alone} at a time</h2>
        <div class="plot" id="latency-plot"></div>
        <h2>All settings</h2>
        <div class="scroll">${table(outcome)}</div>
        ${failuresOf(outcome).map((failure) => html`<p class="bad">${failure}</p>`)}
        ${outcome.notes.map((note) => html`<p class="quiet">${note}</p>`)}
        <script type="application/json" id="data">
          ${scriptJson(data)}
        </script>
        <script>
          ${files.plot}
        </script>
        <script type="module">
          ${files.page}
        </script>
      </body>
    </html> `.text
}

function file(path: string): Html {
  return new Html(readPackageFile(path))
}

function copyable(text: string): Html {
  // Wrap between words only; browsers also wrap after the dash of a flag.
  const words = text.split(' ').map((word, index) => html`${index > 0 ? ' ' : ''}<span>${word}</span>`)
  return html`<code>${words}</code><button type="button" class="to-clipboard">Copy</button>`
}

function cards(outcome: BenchmarkResult): Html {
  const { best } = outcome
  if (!best) return html``
  const { throughput: most, latency: least } = best
  return html`<div class="cards">
    ${card('Best throughput', rate(most.measured.throughput), `${unitOf(outcome)}/s`, most)}
    ${card('Best latency', milliseconds(medianLatency(least.measured)), 'ms (p50)', least)}
  </div>`
}

function card(
  title: string,
  figure: string,
  unit: string,
  { command, flags, options }: Recommendation,
): Html {
  const code = html`<div class="copy">
    ${copyable(`await PredictorPool.create(${inspect(options, { depth: null, breakLength: Infinity })})`)}
  </div>`
  return html`<section class="card">
    <h2>${title}</h2>
    <p class="figure">${figure} <small>${unit}</small></p>
    <div class="copy">${copyable(command ?? flags)}</div>
    ${command === undefined ? code : ''}
  </section>`
}

/** Lines over the batch sizes, or for a single size, one bar per pool. */
function throughput({ unit, throughput: { batches, series } }: PlotData): Html {
  const [size] = batches
  if (size === undefined) return html``
  if (batches.length > 1) {
    return html`<h2>Throughput by batch size</h2>
      <div class="plot" id="throughput-plot"></div>`
  }
  const values = series.map(({ values: [value] }) => value ?? 0)
  const most = Math.max(...values)
  return html`<h2>Throughput (${unit}), batch ${size}</h2>
    <div class="bars">
      ${series.map(
        ({ label }, index) =>
          html`<span>${label}</span
            ><span class="bar"
              ><i style="width: ${((75 * (values[index] ?? 0)) / most).toFixed(1)}%"></i
              >${rate(values[index] ?? 0)}</span
            >`,
      )}
    </div>`
}

function table(outcome: BenchmarkResult): Html {
  const { settingHead, figuresHead, rows } = tableOf(outcome)
  const head = [...settingHead, ...figuresHead, 'best for']
  return html`<table class="figures">
    <thead>
      <tr>
        ${head.map((title) => html`<th class="${wordClass(title)}">${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => tableRow(row, settingHead, figuresHead.length))}
    </tbody>
  </table>`
}

function tableRow(
  { setting, figures, bestFor, error }: TableRow,
  settingHead: readonly string[],
  columns: number,
): Html {
  const cells = setting.map(
    (text, index) => html`<td class="${wordClass(settingHead[index] ?? '')}">${text}</td>`,
  )
  const rest = error
    ? html`<td class="bad" colspan="${columns + 1}">${error.code}</td>`
    : html`${figures.map((text) => html`<td>${text}</td>`)}
        <td class="mark">${bestFor}</td>`
  return html`<tr class="${bestFor === '' ? '' : 'best'}">
    ${cells}${rest}
  </tr>`
}

/** Words are aligned left, numbers right. */
function wordClass(title: string): string {
  return ['precision', 'executor', 'best for'].includes(title) ? 'word' : ''
}

/** Escapes text for an element or a quoted attribute. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** Builds HTML. Escapes the values, except {@link Html} and lists of it. */
function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const text = parts.map((part, index) => part + markupOf(values[index] ?? '')).join('')
  return new Html(text)
}

/** Markup that is not escaped. */
class Html {
  constructor(readonly text: string) {}
}

/** JSON for a script element, which it cannot close. */
function scriptJson(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', String.raw`\u003c`))
}

function markupOf(value: string | number | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
  return value.map(({ text }) => text).join('')
}
