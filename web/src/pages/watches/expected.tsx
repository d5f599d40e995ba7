// Expected flights: what should leave and come when, and which phase that has reached. A desk's aid, no
// alerting service.
import { useState } from 'preact/hooks';
import { useAsk } from '../../data/ask';
import { post } from '../../data/post';
import { dateAndTime } from '../../format';
import { readInstant, writeInstant } from '../../instant';
import { say } from '../../share';
import { t, tOr } from '../../words';
import { AirportRef, Answer, At, Card, DataTable, Id } from '../../ui/parts';
import { epoch, type Expected } from './model';

const EVERY_MS = 20_000;
const FIELDS = ['callsign', 'from', 'to', 'off', 'on'] as const;

function AddForm({ added }: { added: () => void }) {
    const [wrong, setWrong] = useState('');
    const send = async (form: HTMLFormElement) => {
        const value = (k: string) => (form.elements.namedItem(k) as HTMLInputElement).value.trim();
        const times = ['off', 'on'].map((k) => readInstant(value(k)));
        if (times.some((v) => v !== v)) {
            setWrong(t('time.badInstant'));
            return;
        }
        try {
            await post('api/v1/expected', { callsign: value('callsign').toUpperCase(), from: value('from').toUpperCase(), to: value('to').toUpperCase(), off: writeInstant(times[0]), on: writeInstant(times[1]) });
            setWrong('');
            form.reset();
            added();
        } catch (e) {
            setWrong((e as Error).message);
        }
    };
    return (
        <form class="row wrap" onSubmit={(e) => { e.preventDefault(); void send(e.currentTarget); }}>
            {FIELDS.map((k) => <label class="fld" key={k}><span>{t(`watch.expect.${k}`)}</span><input name={k} type="text" required dir="ltr" size={k === 'off' || k === 'on' ? 17 : 8} placeholder={k === 'off' || k === 'on' ? '2024-07-21 08:00' : ''} autocomplete="off" onKeyDown={(e) => e.stopPropagation()} /></label>)}
            <button type="submit" class="btn">{t('watch.expectAdd')}</button>
            {wrong && <p class="bad" role="alert"><bdi>{wrong}</bdi></p>}
        </form>
    );
}

export function ExpectedFlights() {
    const question = useAsk<{ flights: Expected[]; now: string }>('api/v1/expected', EVERY_MS);
    const change = async (id: number, body: object) => {
        try {
            await post(`api/v1/expected/${id}`, body);
            question.again();
        } catch (e) {
            say((e as Error).message);
        }
    };
    return (
        <Card title={t('watch.expected')} note={t('watch.expectedNote')} wide>
            <AddForm added={question.again} />
            <Answer of={question}>
                {(a) => (
                    <DataTable caption={t('watch.expected')} rows={a.flights} rowKey={(f) => String(f.id)} empty={t('watch.noExpected')} columns={[
                        { key: 'flight', head: t('op.flight'), cell: (f) => <Id>{f.callsign || f.hex}</Id>, sortBy: (f) => f.callsign || f.hex || '' },
                        { key: 'from', head: t('op.from'), cell: (f) => <AirportRef code={f.from} />, sortBy: (f) => f.from },
                        { key: 'to', head: t('op.to'), cell: (f) => <AirportRef code={f.to} />, sortBy: (f) => f.to },
                        { key: 'off', head: t('watch.expect.off'), cell: (f) => <At at={epoch(f.off)} />, sortBy: (f) => epoch(f.off) },
                        { key: 'on', head: t('watch.expect.on'), cell: (f) => <At at={epoch(f.on)} />, sortBy: (f) => epoch(f.on) },
                        { key: 'phase', head: t('watch.phase'), cell: (f) => <span class={`phase ${f.phase}`}>{tOr(`watch.phase.${f.phase}`, f.phase)}</span>, sortBy: (f) => f.phase },
                        { key: 'heard', head: t('watch.lastHeard'), cell: (f) => (f.heard ? <bdi>{dateAndTime(epoch(f.heard))}</bdi> : '–'), sortBy: (f) => epoch(f.heard) },
                        { key: 'acts', head: <span class="sr-only">{t('watch.acts')}</span>, cell: (f) => <span class="rowacts"><button type="button" class="btn" onClick={() => void change(f.id, { heard: true })}>{t('watch.report')}</button><button type="button" class="btn" aria-label={t('watch.removeOf', f.callsign || f.hex || '')} onClick={() => void change(f.id, { remove: true })}>{t('watch.remove')}</button></span> },
                    ]} />
                )}
            </Answer>
        </Card>
    );
}
