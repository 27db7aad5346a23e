// The theme that was chosen, before anything is painted. The rest is in lib/theme.ts.
try {
  const theme = localStorage.getItem('shipyard.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden: then the system's theme holds.
}
