// The map that can be moved: Leaflet over our own outline of the world, or over the tiles a steward has chosen.
/* global L */
const MERCATOR_END = 85.0511
const REST_MS = 250

/** Takes the place of the picture, and keeps list and address in step with what it shows. */
export async function openMap(region, words) {
  const { engine, engineStyle, points, layers, marks: marksAddress, world } = region.dataset
  const parts = [import(layers), import(marksAddress), loadStyle(engineStyle), loadScript(engine)]
  const [{ drawWorld, shape }, { createMarks, markBoxes }] = await Promise.all(parts)
  const view = region.querySelector('.map-view')
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const frame = document.createElement('div')
  frame.className = 'map-canvas'
  view.append(frame)
  const map = L.map(frame, {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.5,
    minZoom: 0.5,
    maxZoom: region.dataset.tiles ? 18 : 9,
    worldCopyJump: true,
    maxBounds: [
      [-MERCATOR_END, -Infinity],
      [MERCATOR_END, Infinity],
    ],
    maxBoundsViscosity: 1,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    inertia: !calm,
  })
  frame.setAttribute('role', 'group')
  frame.setAttribute('aria-label', words.keys)
  L.control.zoom({ zoomInTitle: words.closer, zoomOutTitle: words.farther }).addTo(map)
  map.fitBounds(boundsOf(region.dataset.box), { animate: false })
  drawWorld(map, markBoxes, region.dataset).catch(error => console.warn(error))
  const marks = createMarks(map, { world, shape, words })
  view.classList.add('moving')
  await renewMarks()

  let waiting
  let moves = 0
  let quiet = false
  let under
  // Making room for an open card is no search.
  map.on('autopanstart', () => (quiet = true))
  map.on('moveend', () => {
    const search = !quiet && region.querySelector('.map-follow').checked
    quiet = false
    frame.dataset.moves = String(++moves)
    clearTimeout(waiting)
    if (search) waiting = setTimeout(follow, REST_MS)
  })

  async function follow() {
    under?.abort()
    under = new AbortController()
    const address = addressOf(map)
    try {
      const answer = await fetch(address, { signal: under.signal, headers: { accept: 'text/html' } })
      if (!answer.ok) throw new Error(String(answer.status))
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      renewPage(page)
      history.replaceState(history.state, '', address)
      region.querySelector('.map-said').textContent = document.getElementById('results')?.textContent ?? ''
      await renewMarks(under.signal)
    } catch (error) {
      if (error.name !== 'AbortError') region.querySelector('.map-said').textContent = words.failed
    }
  }

  async function renewMarks(signal) {
    const answer = await fetch(`${points}${location.search}`, signal ? { signal } : {})
    if (!answer.ok) throw new Error(String(answer.status))
    const found = await answer.json()
    marks.show(found)
    region.querySelector('.map-note').textContent = found.note
  }
}

/** The address of the same search within what the map shows. */
function addressOf(map) {
  const { searchParams } = new URL(location.href)
  for (const name of ['cursor', 'near', 'within', 'scope']) searchParams.delete(name)
  if (searchParams.get('sort') === 'distance') searchParams.delete('sort')
  const bounds = map.getBounds()
  const digits = map.getZoom() > 10 ? 3 : 2
  const all = bounds.getEast() - bounds.getWest() >= 360
  const west = all ? -180 : turned(bounds.getWest())
  const east = all ? 180 : turned(bounds.getEast())
  const south = Math.max(-90, bounds.getSouth())
  const north = Math.min(90, bounds.getNorth())
  searchParams.set('bbox', [west, south, east, north].map(degrees => Number(degrees.toFixed(digits))).join())
  return `${location.pathname}?${String(searchParams).replaceAll('%2C', ',')}`
}

/** Puts the parts of another search's page in the place of ours. What is being used stays as it is. */
function renewPage(page) {
  const top = scrollY
  for (const part of ['.results', '.filters', '.languages']) {
    const [ours, theirs] = [document.querySelector(part), page.querySelector(part)]
    if (!ours || !theirs || ours.contains(document.activeElement)) continue
    const open = new Set([...ours.querySelectorAll('details[open] > summary')].map(summary => summary.textContent))
    for (const summary of theirs.querySelectorAll('summary')) if (open.has(summary.textContent)) summary.parentElement.open = true
    ours.replaceWith(document.adoptNode(theirs))
  }
  const form = document.querySelector('.ask form')
  const hidden = 'input[type=hidden]'
  for (const input of form?.querySelectorAll(hidden) ?? []) input.remove()
  for (const input of page.querySelectorAll(`.ask form ${hidden}`)) form?.append(document.adoptNode(input))
  for (const name of ['near', 'within']) {
    const [ours, theirs] = [form?.elements[name], page.querySelector(`.ask form [name=${name}]`)]
    if (ours && theirs && ours !== document.activeElement) ours.value = theirs.value
  }
  document.title = page.title
  // Other scripts have to look at the new list.
  document.dispatchEvent(new CustomEvent('results-renewed'))
  scrollTo({ top, behavior: 'instant' })
}

function boundsOf(text) {
  const [west, south, east, north] = text.split(',').map(Number)
  return [
    [south, west],
    [north, west > east ? east + 360 : east],
  ]
}

function turned(longitude) {
  return ((((longitude + 180) % 360) + 360) % 360) - 180
}

export function loadScript(src) {
  return loaded(Object.assign(document.createElement('script'), { src }))
}

export function loadStyle(href) {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href })
  // First of all, so that our own sheet has the last word.
  return loaded(link, () => document.head.prepend(link))
}

function loaded(element, insert = () => document.head.append(element)) {
  return new Promise((resolve, reject) => {
    element.addEventListener('load', resolve)
    element.addEventListener('error', () => reject(new Error('A part of the map could not be loaded.')))
    insert()
  })
}
