/**
 * Host names that nobody can choose for an app, because the platform answers there or gives them out itself. The server
 * refuses them, and the operator does for those who write resources past it.
 */
import { z } from 'zod'

import { httpUrl } from './http-url.ts'
import { Domain, HostName } from './names.ts'

export interface PlatformHosts {
  /** Generated host names lie below it. */
  readonly deploymentDomain: Domain
  /** Host names; one with a dot before it stands for all below it too. */
  readonly reservedHosts: readonly string[]
}

const isReservable = (text: string): boolean => Domain.safeParse(text.replace(/^\./, '')).success

const hosts = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .refine(
    (list) => list.every(isReservable),
    'must be host names such as www.example.com, or .example.com for all below it too, separated by commas',
  )

/** The variables that say it. `BASE_URL` is where the dashboard is: whoever answered there could take sign-ins. */
export const reservedHostVariables = {
  RESERVED_HOSTS: hosts.default([]),
  BASE_URL: httpUrl.optional(),
}

type Variables = z.output<z.ZodObject<typeof reservedHostVariables>>

export const reservedHostsOf = ({ RESERVED_HOSTS, BASE_URL }: Variables): string[] => [
  ...RESERVED_HOSTS,
  ...(BASE_URL === undefined ? [] : [new URL(BASE_URL).hostname]),
]

/** The domain of generated names counts with all that lies below it. */
export const isPlatformHost = (host: string, { deploymentDomain, reservedHosts }: PlatformHosts): boolean =>
  [`.${deploymentDomain}`, ...reservedHosts].some((reserved) =>
    reserved.startsWith('.') ? `.${host}`.endsWith(reserved) : host === reserved,
  )

/** A host name that somebody chooses: any but the platform's own. */
export function chosenHost(platform: PlatformHosts): z.ZodType<HostName, string> {
  return HostName.refine((host) => !isPlatformHost(host, platform), {
    error: ({ input }) =>
      `The host name ${String(input)} is the platform's own. Choose one of a domain of your own.`,
  })
}
