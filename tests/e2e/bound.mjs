// The table says where an aircraft stands as the ledger has it: bound.mjs MASAR ROOT WORK. WORK has the store june7.
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort, openBrowser, startMasar, stop } from './browser.mjs';

const [masar, root, work] = process.argv.slice(2);
const [feedPort, port] = [await freePort(), await freePort()];
const began = Date.now();
const line = () => `${(Date.parse('2024-06-07T14:24:30Z') + Date.now() - began) / 1000},aefc10,RCH103,13.4815,2.1836,732,2,90,0,1\n`;
const feed = createServer((s) => {
    s.on('error', () => undefined);
    s.write(`time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n${line()}`);
    const timer = setInterval(() => s.write(line()), 1000);
    s.on('close', () => clearInterval(timer));
}).listen(feedPort, '127.0.0.1');
const origin = `http://127.0.0.1:${port}`;
const server = await startMasar(masar, ['serve', '--in', `trackcsv:connect=127.0.0.1:${feedPort}`, '--store', join(work, 'june7'), '--data', join(work, 'data'), '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
const browser = await openBrowser(root, origin, /./, { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
let ok = false;
try {
    const page = await browser.context.newPage();
    await page.goto(`${origin}/?lang=en`);
    ok = await page.waitForSelector('.rows .c-bound .to:has-text("Niamey")', { timeout: 30000 }).then(() => true, () => false);
    console.log(`${ok ? 'ok' : 'NOT OK'} - the table says that it stands at Niamey: ${await page.textContent('.rows')} ${await (await fetch(`${origin}/api/v1/movements?hex=aefc10`)).text()}`);
    if (process.env.MASAR_SHOTS) await page.screenshot({ path: join(process.env.MASAR_SHOTS, 'bound.png') });
} finally {
    await browser.close();
    await stop(server);
    feed.close();
}
process.exit(ok ? 0 : 1);
