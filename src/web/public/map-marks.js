// The communities on the map: points, circles where a place is not told exactly, countries where no more is told.
/* global L */

const LEAST_PX = 24
const GAP_PX = 2
/** How far the name of a country may move, nearest first, in halves of its height. */
const LIFTS = [0, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 8, -8]

/** @param shape draws a part of the outline of the world */
export function createMarks(map, { world, shape, words }) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const group = L.markerClusterGroup({
    maxClusterRadius: 44,
    showCoverageOnHover: false,
    animate: !calm,
    spiderLegPolylineOptions: { className: 'spider-leg' },
    iconCreateFunction(cluster) {
      const count = cluster.getChildCount()
      cluster.options.title = words.here.replace('{count}', number(count))
      const size = count < 10 ? 32 : count < 100 ? 38 : 46
      return L.divIcon({ className: 'map-group', html: text(number(count)), iconSize: [size, size] })
    },
  }).addTo(map)
  const areas = L.layerGroup().addTo(map)
  const known = new Map()
  // Once the marks stand where they stay.
  const makeRoom = () => {
    liftAreas(map)
    map.fire('marksdrawn')
  }
  map.on('moveend zoomend', makeRoom)
  group.on('animationend spiderfied unspiderfied', makeRoom)

  // A circle is as wide as its place is uncertain, however near one looks.
  map.on('zoomend', () => {
    for (const { marker, spot } of known.values()) if (spot.km > 0) marker.setIcon(iconOf(map, spot))
  })

  return {
    show({ points, areas: countries }) {
      const wanted = new Map(points.map(([latitude, longitude, km, name, path]) => [path, { latitude, longitude, km, name, path }]))
      const gone = [...known].filter(([path, { marker }]) => !wanted.has(path) && !marker.isPopupOpen())
      group.removeLayers(gone.map(([, { marker }]) => marker))
      for (const [path] of gone) known.delete(path)
      const fresh = [...wanted.values()].filter(({ path }) => !known.has(path)).map(spot => ({ spot, marker: markerOf(map, spot, words) }))
      for (const made of fresh) known.set(made.spot.path, made)
      group.addLayers(fresh.map(({ marker }) => marker))
      showAreas(areas, countries, code => shape(`${world}#${code}`, 'area'))
      makeRoom()
    },
  }
}

function markerOf(map, spot, words) {
  const note = spot.km > 0 ? words.about.replace('{km}', number(spot.km)) : ''
  const marker = L.marker([spot.latitude, spot.longitude], { icon: iconOf(map, spot), title: spot.name, riseOnHover: true })
  return withCard(marker, () => card(spot.name, spot.path, note))
}

function withCard(marker, make) {
  return marker.bindPopup(make, { maxWidth: 260 }).on('popupopen', ({ popup }) => {
    popup.getElement().querySelector('a').focus({ preventScroll: true })
  })
}

function iconOf(map, { km, latitude }) {
  const metres = (40_075_017 * Math.cos((latitude * Math.PI) / 180)) / (256 * 2 ** map.getZoom())
  const size = Math.max(LEAST_PX, Math.round((2 * km * 1000) / metres))
  return L.divIcon({ className: km > 0 ? 'map-circle' : 'map-dot', iconSize: [size, size] })
}

/** Where marks are, in pixels of the window. */
export function markBoxes(map) {
  return [...map.getContainer().querySelectorAll('.map-group, .map-dot, .map-circle')].map(mark => mark.getBoundingClientRect())
}

/** The name of a country stands above or below the marks it would be half behind. */
function liftAreas(map) {
  const taken = markBoxes(map)
  for (const name of map.getContainer().querySelectorAll('.area-name')) {
    name.style.setProperty('--lift', '0px')
    const box = name.getBoundingClientRect()
    const free = lift =>
      taken.every(
        other =>
          other.right < box.left ||
          other.left > box.right ||
          other.bottom < box.top + lift - GAP_PX ||
          other.top > box.bottom + lift + GAP_PX,
      )
    const lift = LIFTS.map(times => times * (box.height / 2 + GAP_PX)).find(free) ?? 0
    name.style.setProperty('--lift', `${lift}px`)
    taken.push({ left: box.left, right: box.right, top: box.top + lift, bottom: box.bottom + lift })
  }
}

function showAreas(layer, countries, outline) {
  layer.clearLayers()
  for (const [code, label, path, latitude, longitude] of countries) {
    outline(code).addTo(layer)
    const icon = L.divIcon({ className: 'area-name', html: text(label), iconSize: null })
    const marker = L.marker([latitude, longitude], { icon, title: label, zIndexOffset: -1000 })
    withCard(marker, () => card(label, path, '')).addTo(layer)
  }
}

function card(name, path, note) {
  const box = document.createElement('p')
  const link = Object.assign(document.createElement('a'), { href: path })
  link.append(Object.assign(document.createElement('bdi'), { textContent: name }))
  box.append(link)
  if (note) box.append(Object.assign(document.createElement('span'), { textContent: note }))
  return box
}

function text(words) {
  return Object.assign(document.createElement('bdi'), { textContent: words })
}

function number(value) {
  return new Intl.NumberFormat(document.documentElement.lang).format(value)
}
