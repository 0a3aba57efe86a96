// The map on which the mark of a place is put. What visitors will see of it the node says itself, after each change.
/* global L */
{
  const region = document.getElementById('place-map')
  const form = document.getElementById('charter-form')
  const input = name => form.elements[`place.${name}`]

  const watch = new IntersectionObserver(async seen => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return
    watch.disconnect()
    try {
      await openPlaceMap()
    } catch (error) {
      // The picture stays, and coordinates can be typed.
      console.warn(error)
    }
  })
  watch.observe(region)

  async function openPlaceMap() {
    const { engine, engineStyle, layers, view: viewAddress, tiles, world } = region.dataset
    const [{ drawWorld, shape }, { loadScript, loadStyle }] = await Promise.all([import(layers), import(viewAddress)])
    await Promise.all([loadScript(engine), loadStyle(engineStyle)])
    const words = JSON.parse(region.dataset.words)
    const view = region.querySelector('.map-view')
    const frame = Object.assign(document.createElement('div'), { className: 'map-canvas' })
    view.append(frame)
    const map = L.map(frame, { attributionControl: false, zoomControl: false, minZoom: 1, maxZoom: tiles ? 18 : 10, worldCopyJump: true })
    frame.setAttribute('role', 'group')
    frame.setAttribute('aria-label', words.put)
    L.control.zoom({ zoomInTitle: words.closer, zoomOutTitle: words.farther }).addTo(map)
    const [west, south, east, north] = region.dataset.box.split(',').map(Number)
    map.fitBounds(
      [
        [south, west],
        [north, west > east ? east + 360 : east],
      ],
      { animate: false },
    )
    drawWorld(map, () => [], region.dataset).catch(error => console.warn(error))
    view.classList.add('moving')
    region.querySelector('.map-said').textContent = words.put

    const seen = L.layerGroup().addTo(map)
    const icon = L.divIcon({ className: 'place-mark', iconSize: [26, 26] })
    let mark
    showMark()
    showSeen(region)

    map.on('click', ({ latlng }) => putMark(latlng))
    for (const name of ['latitude', 'longitude']) input(name).addEventListener('change', showMark)
    form.addEventListener('draft-kept', renew)

    function showMark() {
      const at = [input('latitude').value, input('longitude').value].map(text => (text.trim() === '' ? Number.NaN : Number(text)))
      if (at.some(Number.isNaN)) {
        mark?.remove()
        mark = undefined
        return
      }
      if (mark) {
        mark.setLatLng(at)
        return
      }
      mark = L.marker(at, { icon, draggable: true, title: words.mark, alt: words.mark, zIndexOffset: 1000 }).addTo(map)
      mark.on('dragend', () => putMark(mark.getLatLng()))
    }

    function putMark(latlng) {
      const { lat, lng } = latlng.wrap()
      // As exact as what can be seen: about a pixel.
      const digits = Math.max(1, Math.min(6, Math.ceil(map.getZoom() / 3)))
      input('latitude').value = lat.toFixed(digits)
      input('longitude').value = lng.toFixed(digits)
      showMark()
      form.dispatchEvent(new Event('input', { bubbles: true }))
    }

    /** Reads off the page as it is now what visitors will see. */
    async function renew() {
      const answer = await fetch(form.getAttribute('action'), { headers: { accept: 'text/html' } }).catch(() => undefined)
      if (!answer?.ok) return
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('place-map')
      if (!page) return
      region.querySelector('.place-said').replaceWith(document.adoptNode(page.querySelector('.place-said')))
      showSeen(page)
    }

    function showSeen({ dataset: { spot, country } }) {
      seen.clearLayers()
      if (country) shape(`${world}#${country}`, 'area').addTo(seen)
      if (!spot) return
      const [latitude, longitude, km] = spot.split(',').map(Number)
      const options = { className: 'circle', interactive: false, renderer: L.svg({ padding: 0.5 }) }
      if (km > 0) L.circle([latitude, longitude], { ...options, radius: km * 1000 }).addTo(seen)
    }
  }
}
