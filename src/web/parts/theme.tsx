import type { Charter } from '../../domain/charter.ts'
import { useLabel } from './label.ts'

/** The themes of a community, the main one first. Each is named; its colour is only a help for the eye. */
export function Themes({ charter }: { charter: Pick<Charter, 'themes'> }) {
  const label = useLabel()
  return (
    <>
      {charter.themes.map(theme => (
        <span key={theme} class={`theme ${themeClass(theme)}`}>
          {label('theme', theme)}
        </span>
      ))}
    </>
  )
}

/** The class that sets the accent of a theme. A theme this version does not know has the accent of none. */
export function themeClass(theme: string): string {
  return /^[a-z_]+$/.test(theme) ? `theme-${theme}` : ''
}
