-- Tags that nobody follows any more.
DELETE FROM watched_images w WHERE NOT EXISTS (SELECT FROM image_follows f WHERE f.watched_image = w.image)
RETURNING image
