// Without this a place can still be written by hand. Asked for only on a press, and rounded to some 10 km: it will stand in the address.
const button = document.querySelector('[data-near]')
const field = document.querySelector('input[name=near]')
const status = document.querySelector('[data-near-status]')

if (button && field && navigator.geolocation) {
  button.hidden = false
  button.addEventListener('click', () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(1)}, ${coords.longitude.toFixed(1)}`
        status.textContent = field.value
      },
      () => (status.textContent = button.dataset.failed),
      { maximumAge: 600_000, timeout: 20_000 },
    )
  })
}
