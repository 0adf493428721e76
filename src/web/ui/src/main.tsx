/** Where the page begins. */
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/frame.css';
import './style/lists.css';
import './style/motion.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { startClock } from './clock.ts';
import { startRouter } from './router.ts';
import { startTheme } from './theme.ts';

const root = document.getElementById('page');
if (root !== null) {
  startTheme();
  startClock();
  startRouter();
  render(<App />, root);
}
