import { pick, type Random, randomNumbers } from './random.ts'

/** A language: the words used most, and the syllables the others are made of. */
type Tongue = { tag: string; share: number; size: number; common: string; syllables: string; joined?: true }

// The languages that intentional communities write in most, and one of each way of writing.
const TONGUES: readonly Tongue[] = [
  { tag: 'en', share: 38, size: 40_000, common: 'the and of a to we in our is for community with on are together land people live who by members share from as house garden life an that one another food work children care meals decide consensus green village home farm open guests river forest winter school music bread books horses goats orchard workshop kitchen', syllables: 'bar den fos gle har ing ley mer nor oak pen quil rid stow thorn ush wel wick york ash brook croft dale fen glen hurst' },
  { tag: 'es', share: 14, size: 25_000, common: 'de la y en el que los un una con para por las vivimos comunidad tierra nuestra casa campo agua montaña niños asamblea huerta pan jóvenes compañía pueblo cuidado libertad árbol río común decisión alegría', syllables: 'ca ñe lla mar tí no rúa ción gar be so lén pa drón ví que za mo trá go jo li ber' },
  { tag: 'de', share: 12, size: 25_000, common: 'und der die wir in ein das zu mit auf für leben gemeinsam haus garten unsere land gemeinschaft hof menschen wohnen kinder größe öffnen früh straße wald brot plenum entscheiden küche schön', syllables: 'ber gen stein hü ßen wald möl feld heim kirch tal rüs brück dorf lin sch wä ner tel burg' },
  { tag: 'fr', share: 9, size: 20_000, common: 'de la et les des un en une le nous pour avec dans du terre vie maison ensemble habitat forêt école décision fête été jardin pain rivière liberté enfants œuvre où', syllables: 'bon cha té mon rieu elle gne vré çon sau ville lè mar tin pré queue vieux ôme' },
  { tag: 'pt', share: 6, size: 12_000, common: 'de a e o em que um uma com para terra nossa vida casa comunhão água crianças decisões pão árvore coração horta mutirão', syllables: 'ção lha mar ri bei ro são nho vi la pê go ta cu rã do' },
  { tag: 'it', share: 5, size: 12_000, common: 'di e il la che un per con in noi terra vita casa insieme bosco pane città libertà bambini orto perché olio', syllables: 'gna ra cci mon te bel la vò sa po ri zio lu fa ghe no' },
  { tag: 'nl', share: 4, size: 8_000, common: 'de en het een van wij in met voor op land huis samen leven tuin mensen kinderen brood besluit water weide', syllables: 'dijk van hoe ven bos ker ke oost hui zen groe len rij meer wijk' },
  { tag: 'pl', share: 3, size: 8_000, common: 'i w na z do się jest dla ziemia dom życie razem ogród ludzie dzieci chleb łąka wieś wspólny żyć', syllables: 'kow ski łó dź wie lka brze gów szcz nia pol ręb mię ży czy' },
  { tag: 'ru', share: 3, size: 8_000, common: 'и в на мы с для земля дом жизнь вместе сад люди дети хлеб лес община река зима', syllables: 'бер ёз ка ново сел гор ск лес ье пол яна крас но руч ей' },
  { tag: 'el', share: 1, size: 3_000, common: 'και το η σε μας για με γη σπίτι ζωή μαζί κήπος παιδιά ψωμί ελιά', syllables: 'κα λά μο νή πέ τρα βου νό θά λασ σα χω ριό' },
  { tag: 'ar', share: 1.5, size: 3_000, common: 'و في من على مع نحن أرض بيت حياة معا حديقة ناس أطفال خبز قرية ماء', syllables: 'با رة نور سلا مة دار ها ني قر ية وا دي' },
  { tag: 'he', share: 1.5, size: 3_000, common: 'של את על עם אנחנו אדמה בית חיים יחד גן אנשים ילדים לחם יער', syllables: 'נה רים כר מל גל בוע שד ות אל ון' },
  { tag: 'ja', share: 1, size: 2_000, common: '土地 家 一緒 生活 庭 村 子供 森 海 自然', syllables: '山 川 田 村 京 都 森 野 島 里 花 月', joined: true },
  { tag: 'zh', share: 1, size: 2_000, common: '土地 家园 生活 花园 孩子 森林 村庄 自由 大海', syllables: '山 水 田 村 林 海 云 南 北 东 西 园', joined: true },
] // biome-ignore format: a tongue a row

export type Lexicon = { tag: string; words: string[]; joined: boolean }

/** The languages with all their words, most used first. @param count of entries they are for: few entries know few words */
export function lexicons(count: number): { lexicon: Lexicon; share: number }[] {
  const random = randomNumbers(4711)
  const less = Math.min(1, Math.max(0.05, Math.sqrt(count / 1_000_000)))
  return TONGUES.map(tongue => ({
    share: tongue.share,
    lexicon: { tag: tongue.tag, joined: tongue.joined ?? false, words: wordsOf(tongue, Math.floor(tongue.size * less), random) },
  }))
}

function wordsOf({ common, syllables }: Tongue, size: number, random: Random): string[] {
  const parts = syllables.split(' ')
  const words = new Set(common.split(' '))
  for (let tries = 0; words.size < size && tries < 4 * size; tries++) {
    const length = 2 + Math.floor(random() * 3)
    words.add(Array.from({ length }, () => pick(random, parts)).join(''))
  }
  return [...words]
}
