/** How a tool's answers are made to fit, as it is compiled: plain JSON. */

export interface Answering {
  /** Most characters of an answer, where the tool does not take the deployment's. */
  budget?: number
  /**
   * Where the rows stand, such as `['items']`, also for an array as root, which is framed so; `[]` where there are none. Absent
   * where the document does not say: then the longest list is taken for them.
   */
  rows?: string[]
  /** True where the answer is one record, so that fields are counted from its root and not from its rows. */
  record?: true
  /** Where the upstream says how many rows there are on all pages. */
  total?: string[]
  paging?: Paging
  /** Fields of each row that are shown unless the caller asks for others. */
  summary?: string[]
  /** Formats that the upstream itself serves for `Accept`, by the format's name, such as `{csv: 'text/csv'}`. */
  served?: Record<string, string>
  /** The arguments that are ours and not the upstream's, under the names that are free for them. */
  asks: { fields?: string; format?: string; skip?: string }
}

/** What tells whether a page is the last: its size, as asked and as stated, whether there is more, and the next one's address. */
export interface Counted {
  size?: string
  stated?: string[]
  more?: string[]
  next?: string[]
}

/** How the upstream pages; members name the tool's arguments, paths lead through the answer. */
export type Paging =
  | ({ kind: 'page'; page: string; first: number } & Counted)
  /** `first` is the offset of the first row: 0 unless said. */
  | ({ kind: 'offset'; offset: string; first?: number } & Counted)
  | { kind: 'cursor'; cursor: string; next: string[]; more?: string[] }
  /** RFC 8288, in the header `Link`, or as an address in the answer. */
  | { kind: 'link'; next?: string[] }
