/**
 * Reads a Dockerfile into its stages: `{ name, image, steps: [{ word, args, flags, list }] }`. `flags` are the --name=value words,
 * `list` the command of an instruction in its JSON form. Knows as much of the format as ours uses; heredocs it refuses.
 */
export function parse(text) {
  const lines = text
    .split('\n')
    .filter(line => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
  const stages = []
  for (const line of lines) {
    const [, word, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (!word || rest.includes('<<')) throw new Error(`This line of the Dockerfile is not understood: ${line}`)
    if (word === 'FROM') {
      const [image, , name = `stage-${stages.length}`] = rest.split(/\s+/)
      stages.push({ name, image, steps: [] })
      continue
    }
    const flags = Object.fromEntries([...rest.matchAll(/(?<=^|\s)--([a-z-]+)=(\S+)/g)].map(([, name, value]) => [name, value]))
    const args = word === 'RUN' ? rest : rest.replace(/(^|\s)--[a-z-]+=\S+/g, '').trim()
    const list = /\[.*\]$/.exec(args)?.[0]
    stages.at(-1).steps.push({ word, args, flags, list: list && (word === 'CMD' || word === 'HEALTHCHECK') ? JSON.parse(list) : undefined })
  }
  return stages
}
