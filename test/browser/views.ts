/** One view of each kind of page, as the tests in a browser show them. */
import { type ConsentView, consentPage } from '../../src/pages/consent.ts'
import { type ProblemView, problemPage } from '../../src/pages/problem.ts'

export const PLAIN: ConsentView = {
  product: 'Flowtly',
  client: { name: 'ChatGPT', kind: 'registered' },
  redirect: { kind: 'https', host: 'chatgpt.com' },
  reads: [
    'Sales and purchase invoices, with their lines and payments',
    'Bank accounts with balances, and bank transactions',
    'Contracts and their payment schedules',
  ],
  signInAt: 'workspace.example',
  action: '/consent',
  transaction: 'eyJ0.e30.-_',
}

const FIELDS: NonNullable<ConsentView['credentials']> = {
  help: 'You find both in Kash under Settings, Interfaces.',
  fields: [
    { name: 'shop', title: 'Shop number', secret: false },
    { name: 'key', title: 'API key', help: 'Starts with ks_.', secret: true },
  ],
}
const { signInAt: _, ...KASH } = {
  ...PLAIN,
  product: 'Kash',
  reads: ['Receipts and daily sums of your shop'],
}

export const CONSENTS: Record<string, ConsentView> = {
  registered: PLAIN,
  document: {
    ...PLAIN,
    client: { name: 'Claude', kind: 'document', documentHost: 'claude.ai' },
    redirect: { kind: 'https', host: 'claude.ai' },
    rememberDays: 30,
  },
  loopback: {
    ...PLAIN,
    client: { name: 'Claude Code', kind: 'document' },
    redirect: { kind: 'loopback', host: 'localhost:3118' },
  },
  app: {
    ...PLAIN,
    client: { name: 'Cursor', kind: 'registered' },
    redirect: { kind: 'app', host: 'cursor://anysphere.cursor-mcp' },
  },
  unknown: {
    ...PLAIN,
    client: { kind: 'unknown' },
    redirect: { kind: 'loopback', host: '127.0.0.1:33418' },
  },
  credentials: { ...KASH, credentials: FIELDS, rememberDays: 1 },
  fault: {
    ...KASH,
    credentials: {
      ...FIELDS,
      fields: FIELDS.fields.map((field) => ({ ...field, value: '4711' })),
      fault: 'Kash did not accept these. Check the shop number and the key.',
    },
  },
  hostile: {
    ...PLAIN,
    product: `Flowtly</title><script>document.title='run'</script>`,
    client: { name: `\u202e"><img src=x onerror="document.title='run'">${'W'.repeat(10_240)}`, kind: 'registered' },
    redirect: { kind: 'https', host: `accounts.example.${'w'.repeat(200)}.evil.example` },
    reads: [`</ul></main><h1>Done</h1>${'W'.repeat(300)}`, `Z${'\u0335\u0321'.repeat(200)}`],
    action: `/consent"><script>document.title='run'</script>`,
    transaction: `"><iframe src="javascript:alert(1)">`,
  },
} // biome-ignore format: a view a row

export const PROBLEMS: Record<string, ProblemView> = {
  problem: {
    status: 400,
    title: 'This application is not known here',
    message: 'Its registration was made with another server, or has been withdrawn, so the sign-in cannot go on.',
    hints: ['Remove the connection in the application, then add it again.'],
    reference: '0f9d2c1ab34e',
    back: { label: 'Back to the application', url: 'https://claude.example/' },
  },
  brief: { status: 403, title: 'Your browser did not keep a cookie', message: 'Open this in a normal window.', reference: 'r' },
} // biome-ignore format: a view a row

export function pageOf(name: string): Response | undefined {
  if (Object.hasOwn(CONSENTS, name)) return consentPage(CONSENTS[name]!)
  return Object.hasOwn(PROBLEMS, name) ? problemPage(PROBLEMS[name]!) : undefined
}
