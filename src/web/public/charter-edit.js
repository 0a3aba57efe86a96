// Keeps what stands in the form while somebody types. Without it the buttons do the same.
{
  const form = document.getElementById('charter-form')
  const REST_MS = 700
  const said = form.querySelector('[data-kept]')
  const words = JSON.parse(form.dataset.words)
  const state = { timer: undefined, under: undefined, changed: false, stopped: false }

  form.addEventListener('input', () => {
    state.changed = true
    clearTimeout(state.timer)
    if (!state.stopped) state.timer = setTimeout(keep, REST_MS)
  })

  // What is being kept has to arrive first: two at once would look like two windows.
  form.addEventListener('submit', event => {
    clearTimeout(state.timer)
    state.changed = false
    if (!state.under) return
    event.preventDefault()
    const { submitter } = event
    state.under.finally(() => form.requestSubmit(submitter))
  })

  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden' || !state.changed || state.stopped) return
    clearTimeout(state.timer)
    keep()
  })
  addEventListener('beforeunload', event => {
    if (state.changed && state.stopped) event.preventDefault()
  })

  function keep() {
    if (state.under) return state.under.finally(keep)
    state.changed = false
    said.textContent = words.saving
    state.under = send().finally(() => {
      state.under = undefined
    })
    return state.under
  }

  async function send() {
    try {
      const body = new URLSearchParams(new FormData(form))
      const answer = await fetch(form.dataset.keep, { method: 'POST', body, keepalive: body.toString().length < 60_000, redirect: 'error' })
      if (answer.status === 401) return stop(words.signedOut)
      if (answer.status === 409) return stop(words.stale)
      if (!answer.ok) throw new Error(String(answer.status))
      const { version } = await answer.json()
      form.elements.version.value = version
      const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'medium' }).format(new Date())
      said.textContent = words.saved.replace('{time}', time)
      form.dispatchEvent(new CustomEvent('draft-kept'))
    } catch {
      // The next letter tries again; so does the button.
      state.changed = true
      said.textContent = words.failed
    }
  }

  function stop(why) {
    state.changed = true
    state.stopped = true
    said.textContent = why
    said.classList.add('fault')
  }
}
