// What the page takes from the server at first load, everything, as it goes over the wire: page_size.mjs MASAR ROOT [LANGUAGE]
// The finer coasts, which come after the first paint, are counted apart.
import { join } from 'node:path';
import { freePort, openBrowser, startMasar, stop } from '../e2e/browser.mjs';

const [masar, root, language = 'ar'] = process.argv.slice(2);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const input = `sim:scenario=${join(root, 'scenarios/niamey-2024')},start=2024-06-08T15:30:00Z,speed=10`;
const child = await startMasar(masar, ['serve', '--in', input, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
const browser = await openBrowser(root, origin, /^$/, { viewport: { width: 1440, height: 900 }, locale: language });
const urls = new Set();
browser.context.on('request', (r) => urls.add(r.url().split('#')[0]));
await (await browser.context.newPage()).goto(`${origin}/`);
await new Promise((r) => setTimeout(r, 9000));
await browser.close();

/* Pages, workers and the map's worker ask alike; how long each answer is, the server says. */
for (const encoding of ['br', 'gzip']) {
    let [first, finer] = [0, 0];
    for (const url of [...urls].filter((u) => u.startsWith(origin) && !/\/(api|data)\//.test(u))) {
        const r = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': encoding } });
        const n = Number(r.headers.get('content-length'));
        if (/ground-(50|10)m/.test(url)) finer += n;
        else first += n;
        if (process.env.VERBOSE) console.log(`# ${n} ${url.slice(origin.length)}`);
    }
    console.log(`first_load_${encoding} ${language} ${(first / 1000).toFixed(0)} KB, finer coast ${(finer / 1000).toFixed(0)} KB`);
}
await stop(child);
process.exit(0);
