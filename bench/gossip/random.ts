import type { Random } from '../../tests/helpers/random.ts'

export { type Random, randomNumbers } from '../../tests/helpers/random.ts'

export const below = (random: Random, limit: number) => Math.floor(random() * limit)
