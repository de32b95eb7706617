/** Makes the files behind attachments: one-page PDF documents and small PNG scans, byte for byte repeatable. */
import { crc32, deflateSync } from 'node:zlib'
import type { Attachment } from './entities.ts'

/** The content of an attachment, made from its record alone (its size aside). */
export function fileOf({
  id,
  fileName,
  kind,
  mediaType,
  uploadedAt,
  uploadedBy,
}: Attachment): Buffer<ArrayBuffer> {
  if (mediaType === 'image/png') return png(Number(id.slice(-6)))
  return pdf([fileName, `Kind: ${kind.replace('_', ' ')}`, `Uploaded: ${uploadedAt} by ${uploadedBy}`, id])
}

/** A PDF 1.4 document of one A4 page with these lines on it. */
export function pdf(lines: readonly string[]): Buffer<ArrayBuffer> {
  const shown = lines.map((line) => `(${ascii(line)}) Tj T*`).join('\n')
  const content = `BT /F1 14 Tf 56 770 Td 22 TL\n${shown}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let text = '%PDF-1.4\n'
  let table = '0000000000 65535 f \n'
  objects.forEach((object, index) => {
    table += `${String(text.length).padStart(10, '0')} 00000 n \n`
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
  })
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return Buffer.from(`${text}xref\n0 ${objects.length + 1}\n${table}${trailer}`, 'latin1')
}

/** Letters that Unicode does not take apart into a plain one and its mark. */
const barred: Record<string, string> = { ł: 'l', Ł: 'L', ø: 'o', Ø: 'O', ß: 's' }

/** Letters lose their marks, so that one character is one byte; what a PDF string gives a meaning is escaped. */
function ascii(line: string): string {
  const unmarked = line.normalize('NFD').replace(/[\u0300-\u036f]/g, '')
  return unmarked.replace(/[^ -~]/g, (letter) => barred[letter] ?? '?').replace(/[\\()]/g, '\\$&')
}

const side = 48

/** A PNG of 48 by 48 grey pixels whose stripes depend on `seed`. */
export function png(seed: number): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc(side * (side + 1))
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) rows[y * (side + 1) + 1 + x] = (x * (seed % 7) + y * 5) % 200
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const frame = Buffer.alloc(body.length + 8)
  frame.writeUInt32BE(content.length, 0)
  frame.set(body, 4)
  frame.writeUInt32BE(crc32(body), body.length + 4)
  return frame
}
