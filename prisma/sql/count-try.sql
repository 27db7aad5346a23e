-- Somebody tries something once more: how often that makes since the window began, and when it ends. A window that is
-- over begins anew with this try.
INSERT INTO rate_limits AS r (key, used, window_ends_at) VALUES (:key, 1, :windowEndsAt)
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN r.window_ends_at <= :now THEN 1 ELSE least(r.used + 1, 1000000) END,
    window_ends_at = CASE WHEN r.window_ends_at <= :now THEN excluded.window_ends_at ELSE r.window_ends_at END
RETURNING used, window_ends_at
