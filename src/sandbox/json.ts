/** Writes JSON whose numbers keep what a double would lose: the second decimal of money and the 19th digit. */

/** An amount of money: counted in whole cents, written with two decimals (12.10). */
export class Money {
  readonly cents: number
  constructor(cents: number) {
    this.cents = cents
  }
  get text(): string {
    const digits = String(Math.abs(this.cents)).padStart(3, '0')
    return `${this.cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
  }
}

/** An integer of any length, kept as its digits. */
export class Digits {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Writes plain values, `Money` and `Digits`. Members that are undefined are left out, as JSON.stringify does. */
export function writeJson(value: unknown): string {
  if (value instanceof Money || value instanceof Digits) return value.text
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  let members = ''
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members += `${members === '' ? '' : ','}"${name}":${writeJson(member)}`
  }
  return `{${members}}`
}
