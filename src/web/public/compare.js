// Remembers, in this tab alone, what was chosen for comparing. Without this the ticks of one page still work.
const KEY = 'compare'
const tray = () => document.getElementById('compare')
const most = Number(tray()?.dataset.most ?? 5)

function chosen() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? []
  } catch {
    return []
  }
}

function keep(list) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(list.slice(0, most)))
  } catch {
    // A browser that keeps nothing.
  }
}

const without = handle => chosen().filter(([other]) => other !== handle)
const ticks = () => [...document.querySelectorAll('input[type=checkbox][name=c][form=compare]')]

function chip([handle, name]) {
  const item = document.createElement('li')
  const label = document.createElement('label')
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: 'c', value: handle, checked: true })
  const words = document.createElement('bdi')
  words.textContent = name
  label.className = 'pick'
  box.addEventListener('change', () => {
    keep(without(handle))
    show()
  })
  label.append(box, words)
  item.append(label)
  return item
}

function show() {
  const list = chosen()
  const here = new Map(ticks().map(box => [box.value, box]))
  const full = list.length >= most
  for (const [handle, box] of here) {
    box.checked = list.some(([other]) => other === handle)
    box.disabled = full && !box.checked
  }
  const form = tray()
  const held = form?.querySelector('[data-chosen]')
  if (!held) return
  const elsewhere = list.filter(([handle]) => !here.has(handle))
  held.replaceChildren(...elsewhere.map(chip))
  held.hidden = elsewhere.length === 0
  form.classList.toggle('held', list.length > 0)
  if (list.length > 0) form.hidden = false
  const note = form.querySelector('[data-full]')
  note.textContent = full ? note.dataset.full : ''
}

// On the document: results may be replaced while the page stands.
document.addEventListener('change', ({ target: box }) => {
  if (!ticks().includes(box)) return
  const rest = without(box.value)
  keep(box.checked ? [...rest, [box.value, box.dataset.name]] : rest)
  show()
})

const holdsTicks = nodes => [...nodes].some(node => node instanceof Element && node.querySelector('[data-name][form=compare]'))

// The page of one community: what was chosen before comes along.
const one = tray()?.querySelector('input[type=hidden][data-name]')
if (one) {
  const form = tray()
  form.addEventListener('submit', () => {
    for (const old of form.querySelectorAll('[data-brought]')) old.remove()
    const others = without(one.value).slice(0, most - 1)
    for (const [handle] of others) {
      const input = Object.assign(document.createElement('input'), { type: 'hidden', name: 'c', value: handle })
      input.dataset.brought = ''
      form.append(input)
    }
  })
}

// The comparison itself: what stands there is what is chosen.
const columns = [...document.querySelectorAll('[data-column]')]
if (columns.length > 0) keep(columns.map(({ dataset }) => [dataset.column, dataset.name]))
for (const link of document.querySelectorAll('[data-drop]')) link.addEventListener('click', () => keep(without(link.dataset.drop)))

addEventListener('pageshow', show)
document.addEventListener('results-renewed', show)
const results = document.querySelector('.results')
if (results)
  new MutationObserver(news => news.some(({ addedNodes }) => holdsTicks(addedNodes)) && show()).observe(results.parentNode, {
    childList: true,
    subtree: true,
  })
