// The page with very many aircraft, in real Chromium with software GL: page_speed.mjs MASAR ROOT [AIRCRAFT] [SECONDS]
// Streams made-up aircraft into masar, every one with a new position every second, and prints
// first_aircraft_ms, update_ms (script time of a picture: median, 95 %, most), table_ms, longest_task_ms,
// tasks_over_50ms, heap_mb at the beginning and the end, and the load of the machine.
import { createServer } from 'node:net';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { freePort, openBrowser, startMasar, stop } from '../e2e/browser.mjs';

const [masar, root, wanted = '20000', lasting = '60'] = process.argv.slice(2);
const RAD = Math.PI / 180;
const fleet = Array.from({ length: Number(wanted) }, (_, i) => {
    const u = (k) => ((Math.imul(i + 1, 2654435761 + k * 40503) >>> 0) % 100000) / 100000;
    return { hex: (0x300000 + i).toString(16), flight: `TST${i}`, lat: 25 + u(1) * 30, lon: -15 + u(2) * 45, alt: 1000 + Math.floor(u(3) * 390) * 100, gs: 200 + Math.floor(u(4) * 300), track: Math.floor(u(5) * 360) };
});

function lines(t) {
    const out = [];
    for (const p of fleet) {
        const d = p.gs / 3600 / 60; // degrees in a second
        p.lat += d * Math.cos(p.track * RAD);
        p.lon += (d * Math.sin(p.track * RAD)) / Math.cos(p.lat * RAD);
        if (p.lat > 60 || p.lat < 20) p.track = (540 - p.track) % 360;
        out.push(`${t},${p.hex},${p.flight},${p.lat.toFixed(5)},${p.lon.toFixed(5)},${p.alt},${p.gs},${p.track},0,0`);
    }
    return out.join('\n') + '\n';
}

const feedPort = await freePort();
const feed = createServer((s) => {
    s.on('error', () => undefined);
    s.write('time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n');
    const tick = () => !s.destroyed && s.write(lines((Date.now() / 1000).toFixed(1)));
    tick();
    const timer = setInterval(tick, 1000);
    s.on('close', () => clearInterval(timer));
}).listen(feedPort, '127.0.0.1');

const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const child = await startMasar(masar, ['serve', '--in', `trackcsv:connect=127.0.0.1:${feedPort}`, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
const browser = await openBrowser(root, origin, /^$/, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
const at = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? NaN;
try {
    await new Promise((r) => setTimeout(r, 4000)); // every aircraft has been heard
    const page = await browser.context.newPage();
    await page.addInitScript(() => {
        window.__long = [];
        new PerformanceObserver((l) => window.__long.push(...l.getEntries().map((e) => [Math.round(e.startTime), Math.round(e.duration)]))).observe({ type: 'longtask' });
    });
    await page.goto(`${origin}/`);
    await page.waitForFunction(() => window.__masar?.firstAircraftMs, null, { timeout: 60000 });
    console.log(`first_aircraft_ms ${await page.evaluate(() => Math.round(window.__masar.firstAircraftMs))} ms`);
    await page.waitForTimeout(12000); // ground, names and airports are read
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' }).catch(() => undefined); // processor time, whatever else the machine does
    await cdp.send('Performance.enable');
    const metric = async (name) => (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === name).value;
    const heap = async () => {
        await cdp.send('HeapProfiler.collectGarbage');
        return (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'JSHeapUsedSize').value / 1e6;
    };
    const before = await heap();
    const [script, task] = [await metric('ScriptDuration'), await metric('TaskDuration')];
    await page.evaluate(() => { window.__long.length = 0; window.__masar.took.length = 0; });
    await page.waitForTimeout(Number(lasting) * 1000);
    const { took, long, aircraft } = await page.evaluate(() => ({ took: window.__masar.took, long: window.__long, aircraft: window.__masar.aircraft() }));
    const per = async (name, was) => (((await metric(name)) - was) / Number(lasting)) * 1000;
    console.log(`script_ms_a_second ${(await per('ScriptDuration', script)).toFixed(1)}, of tasks ${(await per('TaskDuration', task)).toFixed(1)} (thread time)`);
    const names = [...new Set(took.map((t) => t[0]))];
    console.log(`aircraft ${aircraft}`);
    for (const n of names) {
        const ms = took.filter((t) => t[0] === n).map((t) => t[1]);
        console.log(`${n}_ms median ${at(ms, 0.5).toFixed(1)} p95 ${at(ms, 0.95).toFixed(1)} most ${Math.max(...ms).toFixed(1)} of ${ms.length}`);
    }
    console.log(`tasks_over_50ms ${long.length}, longest ${Math.max(0, ...long.map((l) => l[1]))} ms`);
    console.log(`heap_mb ${before.toFixed(1)} to ${(await heap()).toFixed(1)}`);
    console.log(`load ${loadavg()[0].toFixed(1)}`);
    if (browser.errors.length) console.log(`errors ${browser.errors.join(' | ')}`);
} finally {
    await browser.close();
    await stop(child);
    feed.close();
    process.exit(0);
}
