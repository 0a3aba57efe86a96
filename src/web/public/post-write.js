// The time zone of an event is that of this machine until another is chosen: on that day, not today.
{
  const zone = document.querySelector('[data-zone="unset"]')
  const starts = document.getElementById('starts')
  const ownZone = () => {
    const minutes = -(starts.value ? new Date(starts.value) : new Date()).getTimezoneOffset()
    const digits = number => String(number).padStart(2, '0')
    return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(Math.abs(minutes) / 60))}:${digits(Math.abs(minutes) % 60)}`
  }
  if (zone && starts) {
    const choose = () => {
      const own = ownZone()
      if ([...zone.options].some(({ value }) => value === own)) zone.value = own
    }
    choose()
    starts.addEventListener('change', choose)
    zone.addEventListener('change', () => starts.removeEventListener('change', choose))
  }

  // Pictures chosen are kept at once, so that they can be described.
  const files = document.getElementById('files')
  files?.addEventListener('change', () => {
    if (files.files.length > 0) files.form.requestSubmit(files.form.querySelector('[value="picture"]'))
  })
}
