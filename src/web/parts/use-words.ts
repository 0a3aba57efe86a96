import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Words } from '../messages.ts'

export const WordsContext = createContext<Words | undefined>(undefined)

/** The language of the page, within any part of it. */
export function useWords(): Words {
  const words = useContext(WordsContext)
  if (!words) throw new Error('Parts are rendered within a page.')
  return words
}
