// What lies under the communities: land and names, or tiles.
/* global L, topojson */
const SVG = 'http://www.w3.org/2000/svg'
const UNITS = 3600
const END = 85.0511
const DETAIL_FROM = 5

export async function drawWorld(map, markBoxes, { tiles, world, detail, labels, towns, names }) {
  if (tiles) {
    L.tileLayer(tiles, { maxZoom: 18, referrerPolicy: 'strict-origin', noWrap: false }).addTo(map)
    return
  }
  const outline = L.layerGroup([-360, 0, 360].map(turn => shape(`${world}#land`, 'land', turn))).addTo(map)
  drawDetail(map, outline, detail)
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

/** Who looks closely gets a finer outline, once it is there. */
function drawDetail(map, outline, address) {
  let fine
  let asked = false
  map.on('zoomend', renew)
  renew()

  async function renew() {
    const close = map.getZoom() >= DETAIL_FROM
    if (close && !asked) {
      asked = true
      const answer = await fetch(address).catch(() => undefined)
      const topology = answer?.ok ? await answer.json() : undefined
      if (topology) {
        const { features } = topojson.feature(topology, topology.objects.countries)
        fine = L.geoJSON(
          [-360, 0, 360].flatMap(turn => features.flatMap(feature => unrolled(feature, turn))),
          { interactive: false, className: 'land', smoothFactor: 1.5, renderer: L.svg({ padding: 0.5 }) },
        )
      }
    }
    if (!fine) return
    const near = map.getZoom() >= DETAIL_FROM
    ;(near ? fine : outline).addTo(map)
    ;(near ? outline : fine).remove()
  }
}

/** What crosses the date line goes on beyond it instead of leaping back; once for each time the world is drawn. */
function unrolled({ id, type, geometry }, turn) {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  const rings = polygons.map(polygon =>
    polygon.map(ring => {
      let back = turn
      return ring.map(([longitude, latitude], n) => {
        const step = n === 0 || id === 'AQ' ? 0 : longitude - ring[n - 1][0]
        if (Math.abs(step) > 180) back -= 360 * Math.sign(step)
        return [longitude + back, latitude]
      })
    }),
  )
  return { type, id, properties: {}, geometry: { type: 'MultiPolygon', coordinates: rings } }
}
