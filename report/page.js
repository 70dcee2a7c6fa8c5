// Runs in the page of `paddle-ts benchmark --report`, after uPlot: draws the plots from the JSON in #data.
const { throughput, latency, unit } = JSON.parse(document.getElementById('data').textContent)

/** Number of colours in page.css; further lines are dashed. */
const colours = 8

const height = 320

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

function axis(label, more) {
  const line = { stroke: style('--line'), width: 1 }
  const font = '12px system-ui, sans-serif'
  return {
    label,
    stroke: style('--quiet'),
    grid: line,
    ticks: line,
    font,
    labelFont: font,
    labelSize: 20,
    ...more,
  }
}

function lines(series, format, points) {
  return series.map(({ label, shown = true }, index) => {
    const stroke = style(`--s${index % colours}`)
    const value = (_, number) => (number == null ? '–' : format(number))
    return {
      label,
      stroke,
      width: 2,
      show: shown,
      value,
      spanGaps: true,
      dash: [[], [8, 4], [2, 3]][Math.floor(index / colours) % 3],
      points: { show: points, size: 7, fill: stroke },
    }
  })
}

const digits = (number) => (number < 10 ? number.toFixed(2) : number.toFixed(1))

/** The x axis shows batch sizes at equal distances, since they double. */
function throughputPlot() {
  const { batches, series } = throughput
  const positions = batches.map((_, index) => index)
  return {
    data: [positions, ...series.map(({ values }) => values)],
    options: {
      scales: {
        x: { time: false, range: [-0.3, batches.length - 0.7] },
        y: { range: (_, least, most) => [0, most > 0 ? most * 1.08 : 1] },
      },
      axes: [
        axis('batch size', {
          splits: positions,
          values: (_, splits) => splits.map((position) => batches[position] ?? ''),
        }),
        axis(unit, { size: 56 }),
      ],
      series: [
        { label: 'batch size', value: (_, position) => batches[position] ?? '–' },
        ...lines(series, digits, true),
      ],
    },
  }
}

function latencyPlot() {
  const { percents, series } = latency
  return {
    data: [percents, ...series.map(({ values }) => values)],
    options: {
      scales: {
        x: { time: false, range: [0, 100] },
        y: { range: (_, least, most) => [0, most > 0 ? most * 1.08 : 1] },
      },
      axes: [axis('share of requests (%)'), axis('at most (ms)', { size: 56 })],
      series: [
        { label: 'share of requests', value: (_, percent) => (percent == null ? '–' : `${percent} %`) },
        ...lines(series, (number) => `${digits(number)} ms`, false),
      ],
    },
  }
}

/** Draws a plot at the width of its element, and redraws it when that width or the colours change. */
function draw(id, plot) {
  const place = document.getElementById(id)
  if (!place) return
  let drawn
  const redraw = () => {
    // Series that were hidden in the legend stay hidden.
    const shown = drawn?.series.map(({ show }) => show)
    drawn?.destroy()
    const { data, options } = plot()
    const series = options.series.map((one, index) => ({ ...one, show: shown?.[index] ?? one.show ?? true }))
    drawn = new uPlot(
      {
        width: place.clientWidth,
        height,
        cursor: { drag: { x: false, y: false } },
        legend: { markers: { fill: (_, index) => series[index].stroke } },
        ...options,
        series,
      },
      data,
      place,
    )
  }
  redraw()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
  new ResizeObserver(() => {
    if (place.clientWidth !== drawn.width) drawn.setSize({ width: place.clientWidth, height })
  }).observe(place)
}

draw('throughput-plot', throughputPlot)
draw('latency-plot', latencyPlot)

for (const button of document.querySelectorAll('button.to-clipboard')) {
  const code = button.previousElementSibling
  button.addEventListener('click', async () => {
    getSelection().selectAllChildren(code)
    try {
      await navigator.clipboard.writeText(code.textContent)
      button.textContent = 'Copied'
    } catch {
      // The text is selected, so the user can copy it with the keyboard.
      button.textContent = 'Selected'
    }
  })
}
