import { WebLink } from './words.tsx'

/** Whose tiles these are; addresses within the words become links. */
export function Attribution({ children }: { children: string }) {
  const parts = children.split(/(https?:\/\/\S+)/)
  return (
    <p class="map-note soft" dir="auto">
      {parts.map(part => (/^https?:\/\//.test(part) ? <WebLink key={part} href={part} /> : part))}
    </p>
  )
}
