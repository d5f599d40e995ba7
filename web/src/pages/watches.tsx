// Watches: be told once, for a reason, in time. The list, the editor with its trial on the last days, what
// was told, and the flights that are expected.
import '../style/operation.css';
import '../style/watches.css';
import { useState } from 'preact/hooks';
import { useAsk } from '../data/ask';
import { post } from '../data/post';
import { dateAndTime, grouped } from '../format';
import { changeArgs, goToPage, hrefOf } from '../route';
import { say } from '../share';
import { t } from '../words';
import { Answer, Card, DataTable, PageHead } from '../ui/parts';
import { LinkButton } from '../ui/acts';
import { Segments } from '../ui/form';
import { TokenForm } from './token';
import type { PageProps } from './index';
import { Editor } from './watches/editor';
import { ExpectedFlights } from './watches/expected';
import { AlertList } from './watches/log';
import { epoch, isMuted, isoAfter, MUTES, type Alert, type Book, type Watch } from './watches/model';

const EVERY_MS = 15_000;

function stateOf(w: Watch, now: string): string {
    if (w.expired) return t('watch.state.expired');
    if (isMuted(w, now)) return w.muted_until ? t('watch.state.mutedUntil', dateAndTime(epoch(w.muted_until))) : t('watch.state.muted');
    return w.expires ? t('watch.state.armedUntil', dateAndTime(epoch(w.expires))) : t('watch.state.armed');
}

function Acts({ watch: w, now, done }: { watch: Watch; now: string; done: () => void }) {
    const [isSure, setSure] = useState(false);
    const change = async (body: object) => {
        try {
            await post(`api/v1/watches/${w.id}`, body);
            done();
        } catch (e) {
            say((e as Error).message);
        }
    };
    return (
        <span class="rowacts">
            <a class="btn" href={hrefOf('watches', { show: 'edit', id: String(w.id) })} aria-label={t('watch.editOf', w.name)}>{t('watch.edit')}</a>
            {isMuted(w, now) ? <button type="button" class="btn" aria-label={t('watch.unmuteOf', w.name)} onClick={() => void change({ muted: false })}>{t('watch.unmute')}</button> : (
                <select class="pick" aria-label={t('watch.muteOf', w.name)} value="" onChange={(e) => { const k = e.currentTarget.value; e.currentTarget.value = ''; void change({ muted: k === 'good' ? true : isoAfter(now, MUTES.find(([m]) => m === k)![1]) }); }}>
                    <option value="" disabled hidden>{t('watch.mute')}</option>
                    {MUTES.map(([k]) => <option key={k} value={k}>{t(`watch.mute.${k}`)}</option>)}
                    <option value="good">{t('watch.mute.good')}</option>
                </select>
            )}
            <button type="button" class="btn" aria-label={t(isSure ? 'watch.removeSure' : 'watch.removeOf', w.name)} onClick={() => (isSure ? void change({ remove: true }) : setSure(true))} onBlur={() => setSure(false)}>{isSure ? t('watch.sure') : t('watch.remove')}</button>
        </span>
    );
}

function List({ book, again }: { book: Book; again: () => void }) {
    return (
        <Card title={t('page.watches')} note={t('watch.sum', book.watching.watches, book.watching.alerts, book.watching.waiting)} wide>
            {book.watching.why && <p class="bad" role="alert"><bdi>{book.watching.why}</bdi></p>}
            <DataTable caption={t('page.watches')} rows={book.watches} rowKey={(w) => String(w.id)} empty={t('watch.noneYet')} columns={[
                { key: 'name', head: t('watch.name'), cell: (w) => <a href={hrefOf('watches', { show: 'edit', id: String(w.id) })}><bdi>{w.name}</bdi></a>, sortBy: (w) => w.name },
                { key: 'rule', head: t('watch.rule'), cell: (w) => <span class="wrap"><code dir="ltr" lang="en">{w.rule}</code></span>, sortBy: (w) => w.rule },
                { key: 'state', head: t('watch.stateHead'), cell: (w) => <span class={isMuted(w, book.now) || w.expired ? 'mut' : ''}>{stateOf(w, book.now)}</span>, sortBy: (w) => stateOf(w, book.now) },
                { key: 'alerts', head: t('watch.alerts'), isNumeric: true, cell: (w) => <a href={hrefOf('watches', { show: 'log', watch: w.name })}><bdi>{grouped(w.alerts)}</bdi><span class="sr-only"> {t('watch.logOf', w.name)}</span></a>, sortBy: (w) => w.alerts },
                { key: 'last', head: t('watch.last'), cell: (w) => (w.last ? <bdi>{dateAndTime(epoch(w.last))}</bdi> : <span class="mut">–</span>), sortBy: (w) => epoch(w.last) },
                { key: 'acts', head: <span class="sr-only">{t('watch.acts')}</span>, cell: (w) => <Acts watch={w} now={book.now} done={again} /> },
            ]} />
        </Card>
    );
}

function Log({ book, name }: { book: Book; name: string }) {
    const question = useAsk<{ alerts: Alert[]; more: boolean }>(`api/v1/alerts?limit=100&notes=1${name ? `&watch=${encodeURIComponent(name)}` : ''}`, EVERY_MS);
    const [older, setOlder] = useState<Alert[]>([]);
    const [isMore, setMore] = useState(true);
    const more = async (list: Alert[]) => {
        const last = list[list.length - 1]?.id;
        const answer = (await (await fetch(`api/v1/alerts?limit=100&notes=1&before=${last}${name ? `&watch=${encodeURIComponent(name)}` : ''}`)).json()) as { alerts: Alert[]; more: boolean };
        setOlder([...older, ...answer.alerts]);
        setMore(answer.more);
    };
    return (
        <Card title={t('watch.log')} note={t('watch.logNote')} wide acts={<>
            <select class="pick" aria-label={t('watch.which')} value={name} onChange={(e) => changeArgs({ watch: e.currentTarget.value })}><option value="">{t('watch.all')}</option>{book.watches.map((w) => <option key={w.id} value={w.name}>{w.name}</option>)}</select>
            <a class="btn" href={`api/v1/alerts.atom${name ? `?watch=${encodeURIComponent(name)}` : ''}`}><bdi class="ltr">Atom</bdi></a>
        </>}>
            <Answer of={question}>
                {(a) => {
                    const list = [...a.alerts, ...older.filter((o) => !a.alerts.some((n) => n.id === o.id))];
                    return list.length ? <><AlertList list={list} />{a.more && isMore && <p class="more"><button type="button" class="btn" onClick={() => void more(list)}>{t('watch.older')}</button></p>}</> : <p class="empty mut">{t('watch.noAlerts')}</p>;
                }}
            </Answer>
        </Card>
    );
}

export default function Watches({ args }: PageProps) {
    const question = useAsk<Book>('api/v1/watches', EVERY_MS);
    const show = args.show ?? 'list';
    const views = [{ value: 'list', text: t('page.watches') }, { value: 'log', text: t('watch.log') }, { value: 'expected', text: t('watch.expected') }];
    return (
        <>
            <PageHead title={t('page.watches')} sub={t('watch.about')}>
                <Segments label={t('op.views')} value={show} options={views} take={(v) => goToPage('watches', v === 'list' ? {} : { show: v })} />
                <button type="button" class="btn primary" onClick={() => goToPage('watches', { show: 'edit' })}>{t('watch.new')}</button>
                <LinkButton />
            </PageHead>
            <Answer of={question}>
                {(book) => (
                    <>
                        {show !== 'log' && <TokenForm why={t('watch.tokenNeeded')} />}
                        {show === 'edit' ? <Editor key={args.id ?? 'new'} book={book} watch={book.watches.find((w) => String(w.id) === args.id)} first={args.rule ?? ''} />
                            : <div class="cards">{show === 'log' ? <Log key={args.watch ?? ''} book={book} name={args.watch ?? ''} /> : show === 'expected' ? <ExpectedFlights /> : <List book={book} again={question.again} />}</div>}
                    </>
                )}
            </Answer>
        </>
    );
}
