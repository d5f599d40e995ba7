// The page with very many aircraft, in real Chromium with software GL: page_speed.mjs MASAR ROOT [AIRCRAFT] [SECONDS] [HASH]
// Every aircraft has a new position every second. Prints, in processor time of the page's own thread (from
// a trace, so that what else the machine does is not in it) and beside it by the clock:
//   script_ms      all script of the page by the number of updates: the picture, map, labels, table, all that follows of it
//   update_ms …    the phases, by the page's own clock: update (columns), scene (20,000 aircraft to pixels), labels, table
//   tasks          those over 50 ms of processor time, and over 50 ms by the clock, each with what it did
//   first_aircraft_ms, heap_mb, load
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { freePort, openBrowser, startMasar, stop } from '../e2e/browser.mjs';
import { at, openFeed } from './fleet.mjs';

const [masar, root, wanted = '20000', lasting = '60', hash = ''] = process.argv.slice(2);
const feedPort = await freePort();
const feed = openFeed(feedPort, Number(wanted));
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const child = await startMasar(masar, ['serve', '--in', `trackcsv:connect=127.0.0.1:${feedPort}`, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
const browser = await openBrowser(root, origin, /^$/, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });

/* Events of the thread that runs the page: the one with most script. */
function ofPage(events) {
    const names = events.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain').map((e) => `${e.pid}/${e.tid}`);
    const all = new Map(names.map((n) => [n, []]));
    for (const e of events) if (e.ph === 'X') all.get(`${e.pid}/${e.tid}`)?.push(e);
    const calls = (list) => list.filter((e) => e.name === 'FunctionCall').length;
    return [...all.values()].sort((p, q) => calls(q) - calls(p))[0].sort((p, q) => p.ts - q.ts || q.dur - p.dur);
}
const SCRIPT = new Set(['FunctionCall', 'EvaluateScript', 'v8.evaluateModule']);

/* Processor time of script, what is inside other script not counted twice. */
function scriptMs(events) {
    let [sum, until] = [0, 0];
    for (const e of events) {
        if (!SCRIPT.has(e.name) || e.ts < until) continue;
        sum += e.tdur ?? 0;
        until = e.ts + e.dur;
    }
    return sum / 1000;
}

/* What a task did: the parts inside it that took most. */
function parts(task, events, byClock) {
    const inside = events.filter((e) => e !== task && e.ts >= task.ts && e.ts + (e.dur ?? 0) <= task.ts + task.dur && !/RunTask|ThreadControllerImpl/.test(e.name));
    const name = (e) => (e.name === 'FunctionCall' ? `${e.args.data?.functionName || 'script'}:${e.args.data?.lineNumber ?? ''}:${e.args.data?.columnNumber ?? ''}` : e.name);
    const ms = new Map();
    for (const e of inside) ms.set(name(e), (ms.get(name(e)) ?? 0) + (byClock ? e.dur ?? 0 : e.tdur ?? 0) / 1000);
    return [...ms].sort((p, q) => q[1] - p[1]).slice(0, 6).map(([n, v]) => `${n} ${v.toFixed(0)}`).join(', ');
}

async function trace(cdp, seconds, each) {
    const events = [];
    cdp.on('Tracing.dataCollected', ({ value }) => events.push(...value));
    await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { recordMode: 'recordAsMuchAsPossible', includedCategories: ['devtools.timeline', 'toplevel', 'v8.execute', 'disabled-by-default-devtools.timeline', '__metadata'] } });
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
        await new Promise((r) => setTimeout(r, 1000));
        await each();
    }
    const done = new Promise((r) => cdp.once('Tracing.tracingComplete', r));
    await cdp.send('Tracing.end');
    await done;
    return events;
}

/* Processor seconds of the process that draws; with software GL that is where pixels are made. */
function gpuSeconds() {
    const parentOf = (pid) => Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
        try {
            if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('type=gpu-process')) continue;
            for (let p = Number(pid); p > 1; p = parentOf(p))
                if (p === process.pid) return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, v) => sum + Number(v), 0) / 100;
        } catch {
            /* it ended */
        }
    }
    return NaN;
}

try {
    await new Promise((r) => setTimeout(r, 4000)); // every aircraft has been heard
    const page = await browser.context.newPage();
    await page.goto(`${origin}/${hash}`);
    await page.waitForFunction(() => window.__masar?.firstAircraftMs, null, { timeout: 60000 });
    console.log(`first_aircraft_ms ${await page.evaluate(() => Math.round(window.__masar.firstAircraftMs))} ms`);
    await page.waitForTimeout(12000); // ground, names and airports are read
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    const heap = async () => {
        await cdp.send('HeapProfiler.collectGarbage');
        return (await cdp.send('Performance.getMetrics')).metrics.find((m) => m.name === 'JSHeapUsedSize').value / 1e6;
    };
    const before = await heap();
    const took = [];
    await page.evaluate(() => { window.__masar.took.length = 0; });
    const gpu = gpuSeconds();
    const events = ofPage(await trace(cdp, Number(lasting), async () => took.push(...(await page.evaluate(() => window.__masar.took.splice(0))))));
    const script = scriptMs(events);
    console.log(`aircraft ${await page.evaluate(() => window.__masar.aircraft())}`);
    const updates = took.filter(([n]) => n === 'update').length;
    console.log(`script_ms ${(script / updates).toFixed(2)} an update, ${updates} updates (processor time; all script of the page)`);
    for (const n of new Set(took.map((t) => t[0]))) {
        const ms = took.filter((t) => t[0] === n).map((t) => t[1]);
        console.log(`${n}_ms median ${at(ms, 0.5).toFixed(2)} p95 ${at(ms, 0.95).toFixed(2)} most ${Math.max(...ms).toFixed(1)} of ${ms.length}`);
    }
    const tasks = events.filter((e) => /RunTask$/.test(e.name));
    const nested = new Set(); // a task is told by two events, one inside the other
    for (let i = 1, last = tasks[0]; i < tasks.length; i++) {
        if (tasks[i].ts + tasks[i].dur <= last.ts + last.dur) nested.add(tasks[i]);
        else last = tasks[i];
    }
    const busy = tasks.filter((e) => !nested.has(e) && (e.tdur ?? 0) > 50_000);
    const long = tasks.filter((e) => !nested.has(e) && e.dur > 50_000);
    console.log(`tasks_over_50ms ${busy.length} of processor time (longest ${(Math.max(0, ...tasks.map((e) => e.tdur ?? 0)) / 1000).toFixed(1)} ms), ${long.length} by the clock (longest ${(Math.max(0, ...tasks.map((e) => e.dur)) / 1000).toFixed(1)} ms)`);
    for (const e of [...new Set([...busy, ...long])].slice(0, 12)) console.log(`  task ${(e.tdur / 1000).toFixed(0)} ms of processor, ${(e.dur / 1000).toFixed(0)} by the clock: ${parts(e, events, e.tdur < 50_000)}`);
    console.log(`gpu_ms ${(((gpuSeconds() - gpu) * 1000) / took.filter(([n]) => n === 'scene').length).toFixed(0)} of processor a frame, in the process that draws`);
    console.log(`heap_mb ${before.toFixed(1)} to ${(await heap()).toFixed(1)}`);
    console.log(`load ${loadavg()[0].toFixed(1)}`);
    if (browser.errors.length) console.log(`errors ${browser.errors.join(' | ')}`);
} finally {
    await browser.close();
    await stop(child);
    feed.close();
    process.exit(0);
}
