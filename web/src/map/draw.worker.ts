// Draws beside the page: a frame comes, its picture goes back, and with it the room the frame came in.
import { Drawer } from './drawer';
import type { Frame } from './frame';

/* The page is told by its `onerror`, and draws itself. */
const failed = (error: unknown) => setTimeout(() => { throw error; });
const drawer = new Drawer(failed);

addEventListener('message', (e: MessageEvent<Frame>) => {
    const f = e.data;
    drawer.draw(f).then(({ picture, ms }) => postMessage({ picture, ms, room: f.aircraft }, { transfer: [picture, f.aircraft] }), failed);
});
postMessage({ isReady: true });
