// How long the board of an operation takes from the press on its link, in real Chromium: page_board.mjs MASAR ROOT STORE NAME [TIMES]
// Prints each time by the clock until the charts stand, when the server's answer was whole, and what the page's own thread spent
// on it (processor time): script, layout and style, all.
import { join } from 'node:path';
import { freePort, openBrowser, startMasar, stop } from '../e2e/browser.mjs';

const [masar, root, store, name, times = '5'] = process.argv.slice(2);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const child = await startMasar(masar, ['serve', '--store', store, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
const browser = await openBrowser(root, origin, /./, { viewport: { width: 1440, height: 900 } });
const SETTLED_MS = 3000; // the desk's own beginning is not measured

async function spent(cdp) {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return (key) => 1000 * metrics.find((m) => m.name === key).value;
}

async function once() {
    const page = await browser.context.newPage();
    const cdp = await browser.context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(`${origin}/`);
    await page.waitForTimeout(SETTLED_MS);
    const before = await spent(cdp);
    const [clock, answered] = await page.evaluate(async (hash) => {
        const from = performance.now();
        location.hash = hash;
        while (!document.querySelector('.charts svg')) await new Promise(requestAnimationFrame);
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        const board = performance.getEntriesByType('resource').find((e) => /operations\/./.test(e.name));
        return [performance.now() - from, board.responseEnd - from];
    }, `#page=operation&name=${name}`);
    const after = await spent(cdp);
    const ms = (key) => Math.round(after(key) - before(key));
    console.log(`board ${Math.round(clock)} ms by the clock, answer whole after ${Math.round(answered)}; page: script ${ms('ScriptDuration')}, layout ${ms('LayoutDuration')}, style ${ms('RecalcStyleDuration')}, all ${ms('TaskDuration')} ms of processor`);
    await page.close();
}

try {
    for (let i = 0; i < Number(times); i++) await once();
} finally {
    await browser.close();
    await stop(child);
}
