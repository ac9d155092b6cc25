/** Puts the house together: first the listeners that must not miss anything, then the shell. */
import { getPlatform } from './platform/index.ts';
import './screens/app/fieldray-app.ts';

const { updates } = getPlatform();

// The shell is on the screen before its files are fetched a second time to be kept.
if (document.readyState === 'complete') void updates.start();
else window.addEventListener('load', () => void updates.start(), { once: true });
