// A real Chromium that can reach nothing but this machine, and a masar of its own to look at.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ARGS = [
    '--no-sandbox', '--disable-gpu', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
    '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

export function freePort() {
    return new Promise((done, failed) => {
        const s = createServer().once('error', failed);
        s.listen(0, '127.0.0.1', () => {
            const { port } = s.address();
            s.close(() => done(port));
        });
    });
}

let failures = 0;
export function check(what, ok, seen = '') {
    if (!ok) failures++;
    console.log(`${ok ? 'ok' : 'NOT OK'} - ${what}${ok || seen === '' ? '' : `: ${seen}`}`);
}
export const finish = () => process.exit(failures ? 1 : 0);

/* Waits for a state of the page; whether it came. A test waits for states, never for a time: machines are busy. */
export const until = (page, state, arg, timeout = 30000) => page.waitForFunction(state, arg, { timeout }).then(() => true, () => false);
export const shown = (page, selector, timeout = 30000) => page.waitForSelector(selector, { timeout }).then(() => true, () => false);
export const gone = (page, selector, timeout = 30000) => page.waitForSelector(selector, { state: 'detached', timeout }).then(() => true, () => false);
export const focusIs = (page, id) => until(page, (i) => (document.activeElement?.id || document.activeElement?.getAttribute('name')) === i, id, 10000);

/* What was changed before is laid out, and nothing is under way between two colors or places. */
export const laidOut = (page) => page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    await Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getTiming().iterations !== Infinity).map((a) => a.finished));
    await frame();
});
export async function themed(page, scheme) {
    await page.emulateMedia({ colorScheme: scheme });
    await until(page, (s) => document.documentElement.dataset.theme === s, scheme);
    await laidOut(page);
}
export async function sized(page, width, height) {
    await page.setViewportSize({ width, height });
    await until(page, (w) => innerWidth === w, width);
    await laidOut(page);
}

/* Starts masar and waits until it answers. */
export async function startMasar(masar, args, port) {
    const child = spawn(masar, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (d) => (said += d));
    child.stderr.on('data', (d) => (said += d));
    for (let i = 0; i < 100; i++) {
        if (child.exitCode !== null) throw new Error(`masar ended with ${child.exitCode}: ${said}`);
        try {
            if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return child;
        } catch {
            /* not yet */
        }
        await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error(`masar does not answer: ${said}`);
}

export const stop = (child) =>
    new Promise((done) => {
        if (child.exitCode !== null) return done();
        child.once('exit', done);
        child.kill('SIGTERM');
    });

/* A browser with a fresh profile; `foreign` collects every request that is not for `origin`, `errors`
   what the console says but for addresses that are `expected` to fail. */
export async function openBrowser(root, origin, expected, options) {
    const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core');
    const profile = mkdtempSync(join(tmpdir(), 'masar-page-'));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: '/usr/bin/chromium', headless: true, args: ARGS, ...options,
    });
    const foreign = [];
    const errors = [];
    context.on('request', (r) => {
        if (!/^(data|blob):/.test(r.url()) && new URL(r.url()).origin !== origin) foreign.push(r.url());
    });
    context.on('page', (page) => {
        page.on('websocket', (w) => {
            if (new URL(w.url()).host !== new URL(origin).host) foreign.push(w.url());
        });
        page.on('pageerror', (e) => errors.push(String(e)));
        page.on('console', (m) => {
            const ours = m.type() === 'warning' && m.text().startsWith('masar:');
            if ((ours || m.type() === 'error') && !expected.test(m.location().url)) errors.push(`${m.text()} ${m.location().url}`);
        });
    });
    return {
        context, foreign, errors,
        async close() {
            await context.close();
            rmSync(profile, { recursive: true, force: true });
        },
    };
}
