/** Syntax of HTTP and of URIs that several rooms read. */

/** A header's name, as any token (RFC 9110, 5.6.2). */
export const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

/** Percent-decoded (RFC 3986, 2.1); undefined where that is broken. */
export function decodedPart(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
