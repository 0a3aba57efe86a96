// Does a bit of work in a thread of its own while the form is filled in, so that programs can't send thousands. The form works without
// it; a person then looks at what was sent first.
for (const form of document.querySelectorAll('form[data-proof]')) {
  const ticket = form.elements.namedItem('ticket')
  const proof = form.elements.namedItem('proof')
  const waiting = form.querySelector('[data-waiting]')
  if (!ticket || !proof || !window.Worker || !window.isSecureContext) continue
  let work
  const begin = () => {
    work ??= new Promise(resolve => {
      const worker = new Worker(form.dataset.proof)
      const end = solution => {
        worker.terminate()
        if (solution) proof.value = JSON.stringify(solution)
        resolve()
      }
      worker.onmessage = ({ data }) => end(data)
      worker.onerror = () => end()
      setTimeout(end, 60_000)
      worker.postMessage(JSON.parse(ticket.value).parameters)
    })
    return work
  }
  form.addEventListener('focusin', begin, { once: true })
  form.addEventListener('submit', async event => {
    if (proof.value || form.dataset.sent) return
    event.preventDefault()
    if (waiting) waiting.hidden = false
    await begin()
    form.dataset.sent = 'yes'
    form.requestSubmit()
  })
}
