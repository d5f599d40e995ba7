// The board of an air service in a real browser, in three languages: relief.mjs MASAR ROOT STORE. What it shows is what arrives, by
// destination, people and metric tons, for civil flights.
import { join } from 'node:path';
import { check, finish, freePort, openBrowser, shown, startMasar, stop, until } from './browser.mjs';

const [masar, root, store] = process.argv.slice(2);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const server = await startMasar(masar, ['serve', '--store', store, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
const browser = await openBrowser(root, origin, /favicon/, { viewport: { width: 1280, height: 900 } });
try {
    for (const [lang, name] of [['en', 'Air service, Niger'], ['fr', 'Service aérien, Niger'], ['ar', 'خدمة جوية، النيجر']]) {
        const page = await browser.context.newPage();
        await page.goto(`${origin}/?lang=${lang}#page=operation&name=air`);
        check(`${lang}: its charts stand`, await shown(page, '.charts svg', 60000));
        check(`${lang}: its name`, await until(page, (n) => document.body.innerText.includes(n), name), await page.innerText('body'));
        for (const word of ['UNO', 'DRZA', 'DFFD', 'NE-1']) {
            check(`${lang}: ${word} is on it`, await until(page, (w) => document.body.textContent.includes(w), word));
        }
        if (process.env.MASAR_SHOTS) await page.screenshot({ path: join(process.env.MASAR_SHOTS, `relief_${lang}.png`), fullPage: true });
        await page.close();
    }
    check('nothing was wrong', browser.errors.length === 0, browser.errors.join('\n'));
    check('nothing was asked of others', browser.foreign.length === 0, browser.foreign.join('\n'));
} finally {
    await browser.close();
    await stop(server);
}
finish();
