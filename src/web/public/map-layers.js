// What lies under the communities: land and names, or tiles.
/* global L */
const SVG = 'http://www.w3.org/2000/svg'
const UNITS = 3600
const END = 85.0511
const DETAIL_FROM = 5

export async function drawWorld(map, markBoxes, { tiles, world, lands, land, labels, towns, names }) {
  if (tiles) {
    L.tileLayer(tiles, { maxZoom: 18, referrerPolicy: 'strict-origin', noWrap: false }).addTo(map)
    return
  }
  const outline = L.layerGroup([-360, 0, 360].map(turn => shape(`${world}#land`, 'land', turn))).addTo(map)
  drawLands(map, outline, { lands, land })
  const { drawNames } = await import(names)
  await drawNames(map, markBoxes, { labels, towns })
}

/** A part of the outline, laid over the square of the world. */
export function shape(href, className, turn = 0) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', `0 0 ${UNITS} ${UNITS}`)
  svg.setAttribute('preserveAspectRatio', 'none')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', href)
  use.setAttribute('class', className)
  svg.append(use)
  return L.svgOverlay(
    svg,
    [
      [-END, turn - 180],
      [END, turn + 180],
    ],
    { interactive: false },
  )
}

/** Who looks closely gets a finer outline of the lands in sight, as soon as all of them are there. */
function drawLands(map, outline, { lands, land }) {
  const fine = L.layerGroup()
  const renderer = L.svg({ padding: 0.5 })
  const drawn = new Map()
  let boxes
  map.on('moveend', renew)
  renew()

  async function renew() {
    if (isClose()) {
      boxes ??= read(lands)
      const around = map.getBounds().pad(0.5)
      const near = (await boxes).filter(box => touches(box, around)).map(([name]) => name)
      for (const name of near) if (!drawn.has(name)) drawn.set(name, draw(name))
      if (!(await Promise.all(near.map(name => drawn.get(name)))).every(Boolean)) return
    }
    // The map may have moved on meanwhile.
    ;(isClose() ? fine : outline).addTo(map)
    ;(isClose() ? outline : fine).remove()
  }

  function isClose() {
    return map.getZoom() >= DETAIL_FROM
  }

  /** Whether it could be drawn: once for each time the world is. */
  async function draw(name) {
    const polygons = await read(land.replace('{name}', name))
    for (const turn of polygons.length > 0 ? [-360, 0, 360] : []) {
      const rings = polygons.map(polygon => polygon.map(steps => pointsOf(steps, turn)))
      L.polygon(rings, { interactive: false, className: 'land', smoothFactor: 1.5, renderer }).addTo(fine)
    }
    // To be asked for again.
    if (polygons.length === 0) drawn.delete(name)
    return polygons.length > 0
  }
}

function touches([, west, south, east, north], bounds) {
  return [-360, 0, 360].some(turn =>
    bounds.intersects([
      [south, west + turn],
      [north, east + turn],
    ]),
  )
}

/** From the first point on each stands as the way from the one before, in hundredths of a degree. */
function pointsOf(steps, turn) {
  const points = []
  let [x, y] = [turn * 100, 0]
  for (let n = 0; n < steps.length; n += 2) {
    x += steps[n]
    y += steps[n + 1]
    points.push([y / 100, x / 100])
  }
  return points
}

/** A list, and an empty one where it can't be had. */
async function read(address) {
  const answer = await fetch(address).catch(() => undefined)
  return answer?.ok ? answer.json() : []
}
