/** The shape of `access`: who may call, as an author may write it, and the combinations that cannot be. */
import { z } from 'zod'
import {
  type ApiKeyAccess,
  CLIENT_AUTH,
  type CredentialField,
  type CredentialSignIn,
  type Endpoints,
  type JwtAccess,
  type OAuthAccess,
  type OpenAccess,
  type Organization,
  type ProviderSignIn,
  type Quirks,
} from '../access/access.ts'
import { isEndpoint } from '../settings.ts'

/** One schema a member: none forgotten, none that the type does not have. */
type Members<T> = Record<keyof T, z.ZodType>

const words = z.string().trim().min(1, 'must not be empty')
const headerName = z.string().regex(/^[\w-]+$/, 'is not a header name')
const scheme = z.string().regex(/^[\w-]+$/, 'is not a scheme')
const url = z
  .string()
  .refine(isEndpoint, 'is not an https URL (http only on loopback) without query or fragment')
const seconds = z.number().int().positive()
const characters = z.number().int().positive().max(100_000)

const forward = z.strictObject({ header: headerName, scheme: scheme.optional() })

const prefix = z.string().min(4, 'is too short to tell a key from a token: write 4 characters or more')

const keyHeaders = { header: headerName.optional(), forward: forward.optional() }

const endpoints = z.strictObject({
  authorization: url,
  token: url,
  userinfo: url.optional(),
  revocation: url.optional(),
} satisfies Members<Endpoints>)

const quirks = z.strictObject({
  resource: words.optional(),
  scopeOnRefresh: z.boolean().optional(),
  prompt: words.optional(),
  parameters: z.record(z.string(), z.string()).optional(),
  codeLifetime: seconds.optional(),
} satisfies Members<Quirks>)

const provider = z.strictObject({
  type: z.literal('oauth'),
  issuer: url.optional(),
  endpoints: endpoints.optional(),
  scopes: z.array(words).optional(),
  clientAuthentication: z.enum(CLIENT_AUTH).optional(),
  exchange: z.enum(['token', 'callback']).optional(),
  quirks: quirks.optional(),
  sizes: z
    .strictObject({
      code: characters.optional(),
      accessToken: characters.optional(),
      refreshToken: characters.optional(),
    })
    .optional(),
} satisfies Members<ProviderSignIn>)

const field = z.strictObject({
  title: words,
  help: words.optional(),
  secret: z.boolean().optional(),
  in: z.enum(['header', 'query']),
  name: z.string().regex(/^[\w.-]+$/, 'is not a name that a header or parameter can have'),
  scheme: scheme.optional(),
} satisfies Members<CredentialField>)

const credentials = z.strictObject({
  type: z.literal('credentials'),
  help: words.optional(),
  fields: z
    .record(z.string().regex(/^\w+$/, 'is not a field name'), field)
    .refine((fields) => Object.keys(fields).length > 0, 'holds no field'),
  proof: words,
} satisfies Members<CredentialSignIn>)

const organization = z.strictObject({
  from: z.enum(['id_token', 'access_token', 'userinfo', 'field']),
  name: words,
  required: z.boolean().optional(),
  header: headerName.optional(),
} satisfies Members<Organization>)

const oauth = z
  .strictObject({
    type: z.literal('oauth'),
    signIn: z.discriminatedUnion('type', [provider, credentials]),
    organization: organization.optional(),
    forward: forward.optional(),
    apiKey: z.strictObject({ ...keyHeaders, prefix }).optional(),
  } satisfies Members<OAuthAccess>)
  .superRefine(({ signIn, organization }, context) => {
    const from = organization?.from
    if (from === undefined) return
    if (signIn.type === 'oauth' && from === 'field')
      context.addIssue({ path: ['organization', 'from'], ...custom('may be field with credentials only') })
    if (
      signIn.type === 'credentials' &&
      (from !== 'field' || !Object.hasOwn(signIn.fields, organization!.name))
    )
      context.addIssue({
        path: ['organization'],
        ...custom('must be one of the fields, with credentials (from: field)'),
      })
  })

const jwt = z
  .strictObject({
    type: z.literal('jwt'),
    issuer: url,
    audience: words.optional(),
    jwksUri: url.optional(),
    upstream: z.discriminatedUnion('type', [
      z.strictObject({
        type: z.literal('service'),
        header: headerName.optional(),
        scheme: scheme.optional(),
      }),
      z.strictObject({ type: z.literal('caller') }),
    ]),
    organization: organization.optional(),
  } satisfies Members<JwtAccess>)
  .superRefine(({ upstream, audience, organization }, context) => {
    if (upstream.type === 'caller' && audience === undefined)
      context.addIssue({
        path: ['upstream', 'type'],
        ...custom('may be caller with an audience only, which is the upstream’s own'),
      })
    if (organization !== undefined && organization.from !== 'access_token')
      context.addIssue({ path: ['organization', 'from'], ...custom('must be access_token') })
  })

function custom(message: string): { code: 'custom'; message: string } {
  return { code: 'custom', message }
}

export const accessShape = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('none'),
    headers: z.array(headerName).optional(),
  } satisfies Members<OpenAccess>),
  z.strictObject({
    type: z.literal('apiKey'),
    ...keyHeaders,
    prefix: prefix.optional(),
  } satisfies Members<ApiKeyAccess>),
  oauth,
  jwt,
])
