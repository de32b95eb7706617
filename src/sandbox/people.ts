/** The people who can sign in to the sandbox: one of each demonstration organization. They are made up. */

export interface Person {
  /** `sub` of their tokens, and what the button of the sign-in page sends. */
  id: string
  name: string
  email: string
  /** `id` is the claim `organization`, stable over starts; `name` the claim `organization_name`. */
  organization: { id: string; name: string }
}

export const people: readonly Person[] = [
  {
    id: 'anna',
    name: 'Anna Nowak',
    email: 'anna@aurora-studio.example',
    organization: { id: 'org_aurora', name: 'Aurora Studio' },
  },
  {
    id: 'boris',
    name: 'Boris Petrauskas',
    email: 'boris@borealis-trading.example',
    organization: { id: 'org_borealis', name: 'Borealis Trading' },
  },
]

export function personOf(id: string | undefined): Person | undefined {
  return people.find((person) => person.id === id)
}

/** What tokens and userinfo say of a person, beside `sub`. */
export function claimsOf({ name, email, organization }: Person) {
  return { name, email, organization: organization.id, organization_name: organization.name }
}
