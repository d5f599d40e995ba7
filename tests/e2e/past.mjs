// An instant of history on the page, in real Chromium: past.mjs MASAR ROOT STORE, the store holding
// 2024-06-07 08:00 to 08:18 Z.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, openBrowser, startMasar, stop } from './browser.mjs';

const [masar, root, store] = process.argv.slice(2);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const args = ['serve', '--in', `store:dir=${store},from=2024-06-07T08:05:00Z,speed=1`, '--store', store, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')];
const axe = readFileSync(createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

let failures = 0;
function check(what, ok, seen = '') {
    if (!ok) failures++;
    console.log(`${ok ? 'ok' : 'NOT OK'} - ${what}${ok || seen === '' ? '' : `: ${seen}`}`);
}
const heard = (page) => page.evaluate(() => window.__masar.aircraft());
const instant = (page) => page.$eval('#time', (e) => Number(e.getAttribute('aria-valuenow')));
const at = (hm) => Date.parse(`2024-06-07T${hm}Z`) / 1000;
const isPast = (page) => page.isVisible('.pastbadge');
const settled = (page, s) => page.waitForFunction((x) => Math.abs(Number(document.getElementById('time')?.getAttribute('aria-valuenow')) - x) < 2, s, { timeout: 15000 });

async function opensOnItsInstant(page) {
    await page.goto(`${origin}/#at=2024-06-07T08:10:00Z`);
    await page.waitForSelector('.pastbadge', { timeout: 20000 });
    await page.waitForFunction(() => window.__masar?.aircraft() > 3, null, { timeout: 20000 });
    await settled(page, at('08:10:00'));
    check('a link opens its instant', (await page.textContent('.clock')).includes('08:10:00'), await page.textContent('.clock'));
    await page.waitForSelector('.tplot .bar');
    check('the bar shows how much was heard', (await page.$$('.tplot .bar')).length > 20);
    const before = await heard(page);
    await page.waitForTimeout(1500);
    check('time stands still', (await instant(page)) === at('08:10:00') && (await heard(page)) === before);
}

async function plays(page) {
    await page.keyboard.press('2');
    await page.keyboard.press(' ');
    await page.waitForFunction((t) => Number(document.getElementById('time').getAttribute('aria-valuenow')) > t + 15, at('08:10:00'), { timeout: 15000 });
    await page.keyboard.press(' ');
    await page.waitForTimeout(700);
    const stopped = await instant(page);
    check('ten seconds pass in one', stopped > at('08:10:10') && stopped < at('08:12:00'), stopped - at('08:10:00'));
    await page.waitForTimeout(800);
    check('it pauses', (await instant(page)) === stopped);
}

async function goesAbout(page) {
    await page.fill('#instant', '2024-06-07 08:03');
    await page.press('#instant', 'Enter');
    await settled(page, at('08:03:00'));
    check('an instant is typed', true);
    await page.fill('#instant', 'noon');
    await page.press('#instant', 'Enter');
    check('what is no instant is said to be none', await page.isVisible('.tinst [role=alert]'));
    await page.press('#instant', 'Escape');
    await page.focus('#time');
    await page.keyboard.press('.');
    await settled(page, at('08:04:00'));
    check('a minute on', true);
    await page.keyboard.press('End');
    await page.waitForFunction(() => Number(document.getElementById('time').getAttribute('aria-valuenow')) >= Number(document.getElementById('time').getAttribute('aria-valuemax')) - 2);
    check('the end of the record is an end', (await instant(page)) <= at('08:18:05'));
    const box = await (await page.$('#time')).boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + 20);
    await page.waitForFunction((e) => Number(document.getElementById('time').getAttribute('aria-valuenow')) < e - 60, at('08:18:00'));
    check('a press on the bar goes there', true);
}

async function comesBack(page, restart) {
    await page.fill('#instant', '2024-06-07 08:07:30');
    await page.press('#instant', 'Enter');
    await settled(page, at('08:07:30'));
    await page.waitForFunction(() => location.hash.includes('at=2024-06-07T08:07:30Z'), null, { timeout: 5000 });
    await page.click('.rows .tr:nth-child(2)');
    await page.waitForSelector('.vals tbody tr:nth-child(2)');
    check('the panel shows what history keeps', (await page.$$('.vals tbody tr')).length >= 2);
    const count = await heard(page);
    await page.reload();
    await page.waitForSelector('.pastbadge', { timeout: 20000 });
    await settled(page, at('08:07:30'));
    await page.waitForFunction((n) => window.__masar?.aircraft() === n, count, { timeout: 15000 });
    check('a page loaded again is at its instant', true);
    await restart();
    await page.waitForSelector('.strip', { timeout: 15000 });
    await page.waitForFunction(() => !document.querySelector('.strip.warn'), null, { timeout: 30000 });
    await settled(page, at('08:07:30'));
    check('so is one whose server was started again', (await isPast(page)) && (await heard(page)) === count);
}

async function goesLive(page) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('l');
    await page.waitForFunction(() => !document.querySelector('.pastbadge'), null, { timeout: 15000 });
    await page.waitForFunction(() => !location.hash.includes('at='), null, { timeout: 5000 });
    check('back to the present', !(await isPast(page)));
}

/* Without inputs there is no present: the page opens where history ends, and says so. */
async function opensHistory(page) {
    await page.goto('about:blank');
    await page.goto(`${origin}/`);
    await page.waitForSelector('.pastbadge', { timeout: 20000 });
    await page.waitForFunction(() => window.__masar?.aircraft() > 3, null, { timeout: 20000 });
    check('a server without inputs opens on the end of its history', Math.abs((await instant(page)) - at('08:18:00')) < 30, await instant(page));
    check('and says that there is nothing else', /history only/i.test(await page.textContent('.pastbadge')));
    await page.keyboard.press('l');
    await page.waitForFunction(() => !document.querySelector('.pastbadge'), null, { timeout: 15000 });
    await page.waitForTimeout(500);
    check('one may leave it', !(await isPast(page)));
}

async function accessible(page, what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    const grave = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
    check(`${what}: no serious accessibility violation`, grave.length === 0, grave.map((v) => `${v.id} (${v.nodes[0].target})`).join(', '));
}

let server = await startMasar(masar, args, port);
const browser = await openBrowser(root, origin, /^$/, { viewport: { width: 1440, height: 900 } });
const { errors } = browser;
const page = await browser.context.newPage();
try {
    await opensOnItsInstant(page);
    await accessible(page, 'the past');
    await plays(page);
    await goesAbout(page);
    await comesBack(page, async () => {
        await stop(server);
        await page.waitForTimeout(300);
        server = await startMasar(masar, args, port);
    });
    await goesLive(page);
    await stop(server);
    server = await startMasar(masar, ['serve', ...args.slice(3)], port);
    await opensHistory(page);
    const own = errors.filter((e) => !/WebSocket|ERR_CONNECTION|Failed to load/.test(e));
    check('nothing is complained of in the console', own.length === 0, own.join('; '));
} catch (e) {
    check('the story is told to its end', false, e.message.split('\n')[0]);
} finally {
    await browser.close();
    await stop(server);
}
process.exit(failures ? 1 : 0);
