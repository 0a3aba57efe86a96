// A file chosen from the machine is put into the field below it, where it can be read before it is sent.
const box = document.querySelector('[data-file]')
const text = document.getElementById('text')
if (box && text) {
  box.hidden = false
  box.querySelector('input').addEventListener('change', async ({ target }) => {
    const [file] = target.files
    if (file) text.value = await file.text()
  })
}
