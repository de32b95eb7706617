/** A document is read as untrusted JSON, wherever it comes from. */
declare module '*.json' {
  const document: unknown
  export default document
}
