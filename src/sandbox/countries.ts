/** What an address, a VAT number and an IBAN look like in each country that the demonstration books know. */
import type { Chance } from './chance.ts'
import type { Address } from './entities.ts'

interface Country {
  currency: string
  form: string
  stems: readonly string[]
  streets: readonly string[]
  /** Postal code and city. */
  cities: readonly (readonly [string, string])[]
  dial: string
  vatDigits: number
  ibanDigits: number
}

const countries: Record<string, Country> = {
  PL: {
    currency: 'PLN',
    form: 'sp. z o.o.',
    stems: ['Wisła', 'Bałtyk', 'Żubr', 'Klon', 'Jantar', 'Orlik', 'Tatra', 'Modrzew', 'Polana', 'Wierzba'],
    streets: ['ul. Długa', 'ul. Świętojańska', 'al. Niepodległości', 'ul. Piękna'],
    cities: [
      ['00-679', 'Warszawa'],
      ['80-831', 'Gdańsk'],
      ['31-042', 'Kraków'],
      ['90-001', 'Łódź'],
    ],
    dial: '+48 22',
    vatDigits: 10,
    ibanDigits: 24,
  },
  DE: {
    currency: 'EUR',
    form: 'GmbH',
    stems: ['Nordlicht', 'Elbufer', 'Blaufuchs', 'Grünwald', 'Kornhaus', 'Möwe', 'Sternwarte', 'Lindenhof'],
    streets: ['Torstraße', 'Lange Reihe', 'Königsallee', 'Am Markt'],
    cities: [
      ['10119', 'Berlin'],
      ['20099', 'Hamburg'],
      ['40212', 'Düsseldorf'],
    ],
    dial: '+49 30',
    vatDigits: 9,
    ibanDigits: 18,
  },
  LT: {
    currency: 'EUR',
    form: 'UAB',
    stems: ['Gintaras', 'Neris', 'Ąžuolas', 'Kopa', 'Šilas', 'Vėjas', 'Marios', 'Rasa', 'Beržas', 'Žuvėdra'],
    streets: ['Gedimino pr.', 'Pilies g.', 'Liepų g.', 'Laisvės al.'],
    cities: [
      ['01103', 'Vilnius'],
      ['44240', 'Kaunas'],
      ['91246', 'Klaipėda'],
    ],
    dial: '+370 5',
    vatDigits: 9,
    ibanDigits: 16,
  },
  EE: {
    currency: 'EUR',
    form: 'OÜ',
    stems: ['Põhjatäht', 'Meri', 'Kadakas', 'Saaremaa', 'Tamm', 'Kivi', 'Jõgi', 'Lumi'],
    streets: ['Pikk', 'Narva mnt', 'Ülikooli', 'Sadama'],
    cities: [
      ['10123', 'Tallinn'],
      ['51003', 'Tartu'],
    ],
    dial: '+372 6',
    vatDigits: 9,
    ibanDigits: 16,
  },
  SE: {
    currency: 'SEK',
    form: 'AB',
    stems: ['Norrsken', 'Älv', 'Björk', 'Skärgård', 'Fjäll', 'Hav', 'Eken', 'Lövö'],
    streets: ['Drottninggatan', 'Västra Hamngatan', 'Södra vägen', 'Storgatan'],
    cities: [
      ['111 51', 'Stockholm'],
      ['411 17', 'Göteborg'],
    ],
    dial: '+46 8',
    vatDigits: 12,
    ibanDigits: 20,
  },
  DK: {
    currency: 'DKK',
    form: 'ApS',
    stems: ['Øresund', 'Havn', 'Bøgen', 'Strand', 'Mølle', 'Fyrtårn'],
    streets: ['Vesterbrogade', 'Nørregade', 'Strandvejen'],
    cities: [
      ['1620', 'København'],
      ['8000', 'Aarhus'],
    ],
    dial: '+45 33',
    vatDigits: 8,
    ibanDigits: 14,
  },
  FI: {
    currency: 'EUR',
    form: 'Oy',
    stems: ['Pohjola', 'Järvi', 'Kuusi', 'Saaristo', 'Hämärä', 'Koivu'],
    streets: ['Mannerheimintie', 'Hämeenkatu', 'Satamakatu'],
    cities: [
      ['00100', 'Helsinki'],
      ['20100', 'Turku'],
    ],
    dial: '+358 9',
    vatDigits: 8,
    ibanDigits: 14,
  },
}

/** The facts of a country of the tables above. */
export function countryOf(code: string): Country {
  return countries[code]!
}

export function drawAddress(chance: Chance, code: string): Address {
  const { streets, cities } = countryOf(code)
  const [postalCode, city] = chance.pick(cities)
  return { street: `${chance.pick(streets)} ${chance.int(1, 120)}`, postalCode, city, country: code }
}

/** An IBAN with the right length and true check digits (ISO 13616, mod 97). */
export function drawIban(chance: Chance, code: string): string {
  const account = chance.digits(countryOf(code).ibanDigits)
  const letters = [...code].map((letter) => letter.charCodeAt(0) - 55).join('')
  let rest = 0
  for (const digit of `${account}${letters}00`) rest = (rest * 10 + Number(digit)) % 97
  return `${code}${String(98 - rest).padStart(2, '0')}${account}`
}
