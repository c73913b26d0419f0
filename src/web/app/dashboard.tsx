import { render } from 'preact';
import './style.css';

render(<main>Keepsake</main>, document.body);
