/** The site's beginning: the page is put together, and kept for use offline. */
import { mount } from 'svelte';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/slips.css';
import './styles/rails.css';
import './styles/beginning.css';
import './styles/print.css';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no element #app');
// In a task of its own: the first words in index.html are there already, and a finger may be waiting.
setTimeout(() => mount(App, { target }));

if (import.meta.env.PROD && 'serviceWorker' in navigator)
  addEventListener('load', () => {
    // Without a service worker everything works, only not offline.
    navigator.serviceWorker.register('./sw.js').catch(() => undefined);
  });
