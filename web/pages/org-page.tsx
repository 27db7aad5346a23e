import { SettingsFrame } from '../components/settings-frame.tsx'
import { useOrgIfAny } from '../components/use-org.ts'
import { NotFoundPage } from './not-found-page.tsx'

/** The pages about an organisation; to who is not in it, there is none. */
export default function OrgPage() {
  return useOrgIfAny() ? <SettingsFrame /> : <NotFoundPage />
}
