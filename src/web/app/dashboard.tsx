import { render } from 'preact';

render(<main>Keepsake</main>, document.body);
