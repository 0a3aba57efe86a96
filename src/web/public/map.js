// Without this the map is a picture with links. The rest of it is loaded when the map comes into view.
const region = document.getElementById('map')
const REMEMBERED = 'map-shown'

if (region) {
  const view = region.querySelector('.map-view')
  const shown = region.querySelector('.map-on')
  const said = region.querySelector('.map-said')
  const words = JSON.parse(region.dataset.words)

  if (sessionStorage.getItem(REMEMBERED) === 'yes') shown.checked = true
  shown.addEventListener('change', () => sessionStorage.setItem(REMEMBERED, shown.checked ? 'yes' : 'no'))

  const watch = new IntersectionObserver(async seen => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return
    watch.disconnect()
    try {
      const { openMap } = await import(region.dataset.view)
      await openMap(region, words)
    } catch (error) {
      // The picture stays, and works.
      console.warn(error)
    }
  })
  watch.observe(view)

  region.querySelector('.near-me').addEventListener('click', () => {
    if (!navigator.geolocation) {
      said.textContent = words.nowhere
      return
    }
    said.textContent = words.locating
    navigator.geolocation.getCurrentPosition(goNear, ({ code }) => (said.textContent = code === 1 ? words.refused : words.nowhere), {
      maximumAge: 600_000,
      timeout: 20_000,
    })
  })
}

/** One digit is about ten kilometres: enough to find who is near, and not where somebody lives. */
function goNear({ coords: { latitude, longitude } }) {
  const address = new URL(location.href)
  for (const name of ['bbox', 'cursor', 'scope', 'sort']) address.searchParams.delete(name)
  address.searchParams.set('near', [latitude, longitude].map(degrees => degrees.toFixed(1)).join())
  address.searchParams.set('within', '100')
  location.assign(`/?${String(address.searchParams).replaceAll('%2C', ',')}#results`)
}
