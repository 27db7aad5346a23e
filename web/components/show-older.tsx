import { Button } from '../ui/button.tsx'

interface ShowOlderProps {
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
}

/** The way on in a list that begins with the newest; nothing at its end. */
export function ShowOlder({ pages }: ShowOlderProps) {
  if (!pages.hasNextPage) return null
  return (
    <div className="mt-4 text-center">
      <Button isBusy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
        Show older
      </Button>
    </div>
  )
}
