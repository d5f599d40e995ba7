import { defineConfig } from 'vite';

const backend = process.env.MASAR_BACKEND ?? 'http://127.0.0.1:8080';

export default defineConfig({
    base: './',
    build: {
        target: 'es2022',
        chunkSizeWarningLimit: 1400,
        assetsInlineLimit: 0,
    },
    server: {
        host: '127.0.0.1', // by number: a bare system may not know the name localhost
        proxy: {
            '^/data/(aircraft|receiver|traces)': backend, // not data/out, which is the page's own
            '/api': backend,
            '/ws': { target: backend, ws: true },
        },
    },
    test: { include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0]);
