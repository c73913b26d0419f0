import { render } from 'preact';
import { App } from './shell/app.js';
import { openTokenStore } from './token.js';

render(<App tokens={await openTokenStore()} />, document.body);
