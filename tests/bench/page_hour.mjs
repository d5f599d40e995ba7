// The page's memory over an hour: page_hour.mjs MASAR ROOT [AIRCRAFT] [MINUTES]
// Made-up aircraft, every one with a new position every second; each second one in 7,200 flies out of hearing
// and another comes, as in a sky where a flight is heard for two hours. Every minute somebody uses the page: selects,
// filters, sorts, moves the map, looks at a page and comes back. Every 5 minutes, after a forced collection, a line:
//   minute, heap_mb (script's heap, the browser's objects held by it, buffers), nodes, listeners, pss_mb (of the browser's page process)
// and at the end what the heap came to between the 10th minute, when as many leave what masar remembers as come, and
// the last, in percent.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { freePort, openBrowser, startMasar, stop } from '../e2e/browser.mjs';
import { openFeed } from './fleet.mjs';

const [masar, root, wanted = '5000', lasting = '60'] = process.argv.slice(2);
const feedPort = await freePort();
const feed = openFeed(feedPort, Number(wanted), Number(wanted) / 7200);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const child = await startMasar(masar, ['serve', '--in', `trackcsv:connect=127.0.0.1:${feedPort}`, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
const browser = await openBrowser(root, origin, /api\//, { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });

/* The process of the page: the renderer with most memory. */
function pss() {
    const all = execFileSync('pgrep', ['-f', 'type=renderer']).toString().trim().split('\n');
    const parentOf = (pid) => Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    const isOurs = (pid) => {
        for (let p = Number(pid); p > 1; p = parentOf(p)) if (p === process.pid) return true;
        return false;
    };
    let most = 0;
    for (const pid of all) {
        try {
            if (isOurs(pid)) most = Math.max(most, Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024);
        } catch {
            /* it ended */
        }
    }
    return most;
}

const HASHES = ['#sort=-alt', '#alt=30000~', '#page=receivers', '#map=40,10,6', '#callsign=TST1', '#map=30,0,4', '#page=ledger', '#'];
async function use(page, minute) {
    await page.evaluate((h) => { location.hash = h; }, HASHES[minute % HASHES.length]);
    await page.waitForTimeout(1500);
    await page.evaluate((n) => document.querySelectorAll('.rows .tr')[n]?.click(), minute % 10); // a handle would keep the row
    await page.waitForTimeout(4000);
    await page.keyboard.press('Escape');
}

try {
    await new Promise((r) => setTimeout(r, 3000));
    const page = await browser.context.newPage();
    await page.goto(`${origin}/`);
    await page.waitForFunction(() => window.__masar?.firstAircraftMs, null, { timeout: 60000 });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    const began = Date.now();
    const rows = [];
    for (let minute = 0; minute <= Number(lasting); minute++) {
        await use(page, minute);
        if (minute % 5 === 0) {
            await page.evaluate(() => { location.hash = '#'; });
            await page.waitForTimeout(2000);
            await cdp.send('HeapProfiler.collectGarbage');
            await cdp.send('HeapProfiler.collectGarbage');
            const { metrics } = await cdp.send('Performance.getMetrics');
            const of = (n) => metrics.find((m) => m.name === n).value;
            const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await cdp.send('Runtime.getHeapUsage');
            const heap = (usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6;
            rows.push({ minute, heap });
            console.log(`minute ${minute} heap_mb ${heap.toFixed(2)} (script ${(usedSize / 1e6).toFixed(2)}, buffers ${(backingStorageSize / 1e6).toFixed(2)}) nodes ${of('Nodes')} listeners ${of('JSEventListeners')} pss_mb ${pss().toFixed(0)} aircraft ${await page.evaluate(() => window.__masar.aircraft())} load ${loadavg()[0].toFixed(1)}`);
        }
        await page.waitForTimeout(Math.max(0, began + (minute + 1) * 60_000 - Date.now()));
    }
    const later = rows.filter((r) => r.minute >= Math.min(10, Number(lasting) / 2)).map((r) => r.heap);
    const [first, last] = [later[0], later[later.length - 1]];
    console.log(`heap_change ${((last / first - 1) * 100).toFixed(1)} % from minute 10 to the last; least ${Math.min(...later).toFixed(2)}, most ${Math.max(...later).toFixed(2)} MB`);
    if (browser.errors.length) console.log(`errors ${[...new Set(browser.errors)].slice(0, 5).join(' | ')}`);
} finally {
    await browser.close();
    await stop(child);
    feed.close();
    process.exit(0);
}
