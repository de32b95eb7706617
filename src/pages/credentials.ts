/** The fields of the consent page where an API has keys in place of a sign-in of its own. */
import { type Html, html } from './html.ts'
import { line } from './words.ts'

export interface CredentialsView {
  /** Where people find their key, in a sentence. */
  help?: string
  fields: CredentialInput[]
  /** Why what was entered before was refused. */
  fault?: string
}

export interface CredentialInput {
  /** Posted as `field_<name>`. */
  name: string
  title: string
  help?: string
  secret: boolean
  /** What was entered before; never shown again where it is secret. */
  value?: string
}

export function credentialFields(product: string, { help, fields, fault }: CredentialsView): Html {
  // The page begins at its top again, where nothing has changed: the first field to be filled in anew brings the fault into view.
  const empty = fault ? Math.max(0, fields.findIndex(isEmpty)) : undefined
  return html`
<fieldset>
<legend>Your ${product} access</legend>
${help && html`<p class="help">${line(help, 500)}</p>`}
${fault && html`<p class="fault" id="fault" role="alert">${line(fault, 500)}</p>`}
${fields.map((field, at) => input(field, at, Boolean(fault), at === empty))}
<p class="help">The application never sees what you enter here.</p>
</fieldset>`
}

function isEmpty({ secret, value }: CredentialInput): boolean {
  return secret || !value
}

/** Ids are of the position, since an id must hold no space and a name may. */
function input(field: CredentialInput, at: number, faulty: boolean, focused: boolean): Html {
  const { name, title, help, secret, value } = field
  const described = [help && `help-${at}`, faulty && 'fault'].filter(Boolean).join(' ')
  const kept = secret ? undefined : value
  return html`
<label for="field-${at}">${line(title, 80)}</label>
${help && html`<p class="help" id="help-${at}">${line(help, 300)}</p>`}
<input id="field-${at}" name="field_${name}" type="${secret ? 'password' : 'text'}" required${
    kept !== undefined && html` value="${kept}"`
  }${described !== '' && html` aria-describedby="${described}"`}${
    faulty && html` aria-invalid="true"`
  } autocomplete="off" autocapitalize="none" spellcheck="false"${focused && html` autofocus`}>`
}
