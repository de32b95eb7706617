/** Draws the documents attached to invoices and transactions. */
import { dateOf, day, moment, today } from './calendar.ts'
import type { Draw } from './draw.ts'
import type { Attachment, AttachmentKind, Contract } from './entities.ts'
import type { Invoice, Transaction } from './entries.ts'
import { fileOf } from './files.ts'

/** A document before it is numbered. */
interface Upload {
  kind: AttachmentKind
  name: string
  day: number
  scan?: boolean
  invoice?: Invoice | undefined
  transaction?: Transaction | undefined
}

/** What documents belong to. */
export interface Owners {
  invoices: Invoice[]
  transactions: Transaction[]
  contracts: Contract[]
}

const invoiceFiles = 470
const receipts = 280

/** About 800 documents, the oldest first; their owners learn their ids. */
export function drawAttachments(draw: Draw, owners: Owners): Attachment[] {
  const uploads = [...invoiceUploads(draw, owners), ...receiptUploads(draw, owners), ...paperwork(owners)]
  uploads.sort((a, b) => a.day - b.day)
  return uploads.map((upload, index) => file(draw, upload, draw.id('att', index + 1)))
}

/** `count` of the list, evenly spread. */
function spread<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, list.length / count)
  return Array.from({ length: Math.min(count, list.length) }, (_, index) => list[Math.floor(index * step)]!)
}

function invoiceUploads({ chance }: Draw, { invoices, transactions }: Owners): Upload[] {
  const transaction = new Map(transactions.map((one) => [one.id, one]))
  return spread(invoices, invoiceFiles).map((invoice) => ({
    kind: 'invoice',
    name: invoice.number.replaceAll('/', '-'),
    day: day(invoice.issuedOn) + chance.int(0, 6),
    invoice,
    transaction: transaction.get(invoice.transactionIds[0] ?? ''),
  }))
}

/** Receipts of card payments; one in six was photographed. */
function receiptUploads({ chance }: Draw, { transactions }: Owners): Upload[] {
  const paidByCard = transactions.filter(
    ({ description, direction }) => direction === 'outgoing' && description.startsWith('CARD'),
  )
  return spread(paidByCard, receipts).map((transaction) => ({
    kind: 'receipt',
    name: `receipt-${transaction.bookedOn}`,
    day: day(transaction.bookedOn) + chance.int(0, 4),
    scan: chance.odds(0.17),
    transaction,
  }))
}

/** Signed contracts, and a bank statement for each of the last twelve months. */
function paperwork({ contracts }: Owners): Upload[] {
  const signed = contracts.flatMap(({ number, signedOn }): Upload[] =>
    signedOn === null ? [] : [{ kind: 'contract', name: number, day: day(signedOn) }],
  )
  const statements = Array.from({ length: 12 }, (_, index): Upload => {
    const uploaded = today - 28 - index * 30
    return { kind: 'bank_statement', name: `statement-${dateOf(uploaded).slice(0, 7)}`, day: uploaded }
  })
  return [...signed, ...statements, { kind: 'other', name: 'insurance-policy', day: today - 300 }]
}

function file({ chance, organization }: Draw, upload: Upload, id: string): Attachment {
  const { kind, name, scan = false, invoice, transaction } = upload
  const attachment: Attachment = {
    id,
    fileName: `${name}.${scan ? 'png' : 'pdf'}`,
    kind,
    mediaType: scan ? 'image/png' : 'application/pdf',
    sizeBytes: 0,
    transactionId: transaction?.id ?? null,
    invoiceId: invoice?.id ?? null,
    uploadedBy: chance.pick(organization.people),
    uploadedAt: moment(Math.min(upload.day, today), chance.int(360, 1200)),
  }
  attachment.sizeBytes = fileOf(attachment).length
  invoice?.attachmentIds.push(id)
  transaction?.attachmentIds.push(id)
  return attachment
}
