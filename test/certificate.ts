/** A certificate for 127.0.0.1 that signs itself (RFC 5280), since Node makes none: for tests that need https. */
import { generateKeyPairSync, sign } from 'node:crypto'

export interface Certificate {
  /** Both as PEM. */
  cert: string
  key: string
}

/** Of a fresh key (P-256), valid from yesterday to tomorrow. */
export function createCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
  const commonName = der(0x30, oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from('127.0.0.1')))
  const name = der(0x30, der(0x31, commonName))
  const toBeSigned = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ecdsaWithSha256,
    name,
    der(0x30, utcTime(-1), utcTime(1)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, basicConstraints, alternativeName)),
  )
  const signature = sign('sha256', toBeSigned, privateKey)
  const whole = der(0x30, toBeSigned, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.of(0), signature])))
  const lines = whole.toString('base64').match(/.{1,64}/g)!
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

/** One value of ASN.1: tag, length, and what is inside. */
function der(tag: number, ...inside: Uint8Array[]): Buffer {
  const body = Buffer.concat(inside)
  const { length } = body
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.of(tag, ...size), body])
}

function oid(...bytes: number[]): Buffer {
  return der(0x06, Buffer.of(...bytes))
}

function utcTime(days: number): Buffer {
  const at = new Date(Date.now() + days * 86_400_000).toISOString()
  return der(0x17, Buffer.from(`${at.slice(2, 19).replace(/\D/g, '')}Z`))
}

/** It is an authority of its own, so that whoever trusts it needs nothing else. */
const basicConstraints = der(
  0x30,
  oid(0x55, 0x1d, 0x13),
  der(0x01, Buffer.of(255)),
  der(0x04, der(0x30, der(0x01, Buffer.of(255)))),
)

const alternativeName = der(
  0x30,
  oid(0x55, 0x1d, 0x11),
  der(0x04, der(0x30, der(0x87, Buffer.of(127, 0, 0, 1)))),
)
