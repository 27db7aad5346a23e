import { createRoot } from 'react-dom/client'

import './styles.css'
import { App } from './app.tsx'

const root = document.querySelector('#root')
if (!root) throw new Error('index.html has no element with the id "root".')
createRoot(root).render(<App />)
