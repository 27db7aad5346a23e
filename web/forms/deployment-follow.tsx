import { taggedImage, type ImageReference } from '../../src/contract/image.ts'
import type { DeploymentView, ServiceView } from '../../src/modules/deployments/schema.ts'
import type { Follow } from '../../src/modules/follows/schema.ts'
import { trpc } from '../api/trpc.ts'
import { Age } from '../components/age.tsx'
import { FaultNotice } from '../components/fault-notice.tsx'
import { Switch } from '../ui/switch.tsx'
import { showToast } from '../ui/toast.tsx'

interface FollowProps {
  deployment: DeploymentView
  spec: ServiceView
}

/** When the registry was last asked changes without a change of the deployment. */
const REFRESH_MS = 15_000

/** Whether a service runs what the tag of its image means, without anybody deploying it. */
export function DeploymentFollowForm({ deployment: { id }, spec }: FollowProps) {
  const service = spec.name
  const { follows: cache } = trpc.useUtils()
  const follows = trpc.follows.list.useQuery({ id }, { refetchInterval: REFRESH_MS })
  const follow = follows.data?.find((each) => each.service === service)
  const set = trpc.follows.set.useMutation({
    onSuccess: async (_, { isFollowed }) => {
      await cache.list.invalidate({ id })
      showToast({
        tone: 'good',
        title: isFollowed ? `${service} follows its tag` : `${service} keeps the image that it has`,
      })
    },
  })
  const image = taggedImage(spec.image as ImageReference)
  return (
    <div className="space-y-3">
      <Switch
        label="Follow the tag"
        hint={<Hint follow={follow} image={image} />}
        isOn={follow !== undefined}
        isBusy={set.isPending}
        disabled={follows.data === undefined || (follow === undefined && image === undefined)}
        onChange={(isFollowed) => set.mutate({ id, service, isFollowed })}
      />
      {set.error && <FaultNotice error={set.error} title="This was not changed" />}
      {follows.error && (
        <FaultNotice
          error={follows.error}
          title="It could not be loaded whether a tag is followed"
          onRetry={() => void follows.refetch()}
          isRetrying={follows.isFetching}
        />
      )}
    </div>
  )
}

function Hint({ follow, image }: { follow: Follow | undefined; image: string | undefined }) {
  if (follow) return <Followed follow={follow} />
  return image === undefined
    ? 'This image has no tag to follow. Deploy it by a tag first, such as ghcr.io/owner/app:1.2.'
    : 'When its tag comes to mean another image, a new revision rolls out by itself.'
}

const PROBLEMS: Record<NonNullable<Follow['problem']>, string> = {
  RegistryUnavailable: 'the registry could not be reached. It is asked again, ever more seldom.',
  AccessDenied:
    'the registry shows the image only to those who have a password, so its tag cannot be followed.',
  ImageNotFound: 'the registry has no such image any more.',
  HostNotAllowed: 'this is no public registry, so it is not asked.',
  UnexpectedAnswer: 'the registry did not answer as one does. It is asked again, ever more seldom.',
}

function Followed({ follow: { image, isCurrent, askedAt, problem, followedBy } }: { follow: Follow }) {
  if (!isCurrent) {
    return `It follows ${image}, but another image was deployed by hand. Switch this off, and on again to follow that one.`
  }
  return (
    <>
      <p>
        It runs what <code className="font-mono text-xs text-ink">{image}</code> means, as {followedBy} asked.
      </p>
      <p>
        {askedAt === null ? (
          'The registry is about to be asked'
        ) : (
          <>
            The registry was asked <Age at={askedAt} />
          </>
        )}
        {problem === null ? '.' : `: ${PROBLEMS[problem]}`}
      </p>
    </>
  )
}
