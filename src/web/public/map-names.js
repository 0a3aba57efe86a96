// What lands and towns are called, in the language of the page. Nobody can press a name: it lies under the communities.
/* global L */
const LETTER_PX = 7.5
const LINE_PX = 18
const TOWNS = { from: 3, to: 9 }
const SQUARE_PX = 512

export async function drawNames(map, markBoxes, { labels, towns }) {
  const pane = map.createPane('names')
  pane.setAttribute('aria-hidden', 'true')
  const shown = L.layerGroup().addTo(map)
  const countries = await countryNames(labels)
  const squares = new Map()
  let turn = 0
  map.on('moveend marksdrawn', renew)
  await renew()

  async function renew() {
    const mine = ++turn
    const written = await townsIn(map, square => known(squares, towns, square))
    // The map may have moved on meanwhile.
    if (mine !== turn) return
    shown.clearLayers()
    const taken = takenBy(map, markBoxes(map))
    const scale = (256 * 2 ** map.getZoom()) / 360
    for (const { name, latitude, longitude, width } of countries)
      if (width * scale >= name.length * LETTER_PX) write(name, latitude, longitude, 'land-name', taken)
    for (const [name, latitude, longitude, size] of written) write(name, latitude, longitude, `town-name size-${size}`, taken)
    map.getContainer().dataset.names = String(shown.getLayers().length)
  }

  function write(name, latitude, longitude, className, taken) {
    const bounds = map.getBounds()
    for (const turned of [-360, 0, 360]) {
      const at = [latitude, longitude + turned]
      if (!bounds.contains(at)) continue
      const { x, y } = map.latLngToContainerPoint(at)
      const box = { x, y, half: (name.length * LETTER_PX) / 2 }
      if (
        taken.some(
          other => Math.abs(other.x - x) < other.half + box.half && Math.abs(other.y - y) < (other.high ?? LINE_PX / 2) + LINE_PX / 2,
        )
      )
        continue
      taken.push(box)
      const text = Object.assign(document.createElement('span'), { textContent: name, dir: 'auto' })
      L.marker(at, {
        pane: 'names',
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className, html: text, iconSize: [0, 0] }),
      }).addTo(shown)
    }
  }
}

/** What is drawn already, as boxes of the map. */
function takenBy(map, marks) {
  const { left, top } = map.getContainer().getBoundingClientRect()
  return marks.map(mark => ({
    x: mark.left + mark.width / 2 - left,
    y: mark.top + mark.height / 2 - top,
    half: mark.width / 2,
    high: mark.height / 2,
  }))
}

async function countryNames(address) {
  const answer = await fetch(address).catch(() => undefined)
  if (!answer?.ok) return []
  const names = new Intl.DisplayNames([document.documentElement.lang, 'en'], { type: 'region', fallback: 'none' })
  return (await answer.json()).flatMap(([code, latitude, longitude, width]) => {
    const name = names.of(code)
    return name ? [{ name, latitude, longitude, width }] : []
  })
}

/** The towns of every square in sight, greatest first. */
async function townsIn(map, find) {
  const zoom = Math.min(TOWNS.to, Math.floor(map.getZoom()))
  if (zoom < TOWNS.from) return []
  const across = 2 ** (zoom - 1)
  const [from, to] = [map.getBounds().getNorthWest(), map.getBounds().getSouthEast()].map(corner =>
    map.project(corner, zoom).divideBy(SQUARE_PX).floor(),
  )
  const squares = new Set()
  for (let x = from.x; x <= to.x; x += 1)
    for (let y = Math.max(0, from.y); y <= Math.min(across - 1, to.y); y += 1)
      squares.add(`${zoom}/${((x % across) + across) % across}/${y}`)
  const found = await Promise.all([...squares].map(find))
  return found.flat().sort((a, b) => b[3] - a[3])
}

/** What a square holds, asked for once. */
function known(squares, towns, square) {
  const asked = squares.get(square) ?? ask(towns, square)
  squares.set(square, asked)
  return asked
}

async function ask(towns, square) {
  const [z, x, y] = square.split('/')
  const answer = await fetch(towns.replace('{z}', z).replace('{x}', x).replace('{y}', y)).catch(() => undefined)
  return answer?.ok ? answer.json() : []
}
