import { render } from 'preact';
import { Embedded } from './embedded/embedded.js';
import { submitWithoutForms } from './embedded/forms.js';
import { createHost } from './embedded/host.js';

submitWithoutForms(document);
render(<Embedded host={createHost(window, window.parent)} />, document.body);
