// Letters Unicode does not take apart into a letter and a mark, so that no tokenizer folds them.
const PLAIN: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', ŋ: 'n', ı: 'i', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' }

/**
 * A text as a reader without the right keyboard would type it: lower case, Latin and Greek letters without their marks
 * ("Łódź" becomes "lodz"). Marks of other scripts carry meaning and stay.
 */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .replace(/[łøđðħŧŋıßæœþ]/g, letter => PLAIN[letter] ?? letter)
    .normalize('NFD')
    .replace(/([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu, '$1')
    .normalize('NFC')
}
