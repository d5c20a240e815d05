// The page's entry: connects, starts the mirrors, renders the app.
import { createRoot } from 'react-dom/client';
import * as z from 'zod';
import { App } from './app.tsx';
import { connect } from './client/connection.ts';
import './components/base.css';
import { loadScreensWhenIdle } from './screens.tsx';
import { mirrorHost } from './stores/host.ts';
import { mirrorJobs } from './stores/jobs.ts';
import { mirrorSettings } from './stores/settings.ts';
import { followTheme } from './stores/theme.ts';
import { mirrorVms } from './stores/vms.ts';

// The content security policy forbids the code that zod would make on the fly for speed.
z.config({ jitless: true });

followTheme();
connect();
mirrorSettings();
mirrorHost();
mirrorVms();
mirrorJobs();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(<App />);
loadScreensWhenIdle();
