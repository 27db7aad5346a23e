/** What is wrong with an input, below it. `id` is what the input names by aria-describedby. */
export function Problem({ id, sentence }: { id?: string; sentence: string | undefined }) {
  if (sentence === undefined) return null
  return (
    <p id={id} className="font-medium wrap-anywhere text-bad">
      {sentence}
    </p>
  )
}
