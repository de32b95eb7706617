/** A document is read as untrusted JSON, wherever it comes from. */
declare module '*.json' {
  const document: unknown
  export default document
}

/** The class alone: the package's entry point warns where it is loaded on a Node that it does not support. */
declare module 'oidc-provider/lib/provider.js' {
  export { Provider } from 'oidc-provider'
}
