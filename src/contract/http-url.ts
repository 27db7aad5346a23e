import { z } from 'zod'

/** An address of the web, without a slash at its end. */
export const httpUrl: z.ZodType<string, string> = z
  .string()
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'must be an http:// or https:// address')
  .transform((text) => text.replace(/\/+$/, ''))
