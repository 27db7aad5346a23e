// Written by `npm run gen` from forget-images.sql: change that.
import { statement } from '../../src/ports/db/statement.ts'

/**
 * Tags that nobody follows any more.
 */
export const forgetImages = statement<
  object,
  { image: string }
>({
  name: 'forget-images',
  text: `DELETE FROM watched_images w WHERE NOT EXISTS (SELECT FROM image_follows f WHERE f.watched_image = w.image)
RETURNING image`,
  params: [],
  json: [],
  columns: ['image'],
})
