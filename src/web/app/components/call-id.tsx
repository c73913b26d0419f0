/** The id of a call, as undo takes it: one click selects the whole of it, to be copied. */
export function CallId({ id }: { id: string }) {
  return <code class="call-id">{id}</code>;
}
