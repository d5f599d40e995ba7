/* Runs before anything is painted: sets theme and language, and asks for the picture while the rest
   of the page is still being read. A file of its own, so that no inline script need be allowed. */
(function () {
    var root = document.documentElement;
    function kept(key) {
        try { return localStorage.getItem('masar.' + key); } catch (e) { return null; }
    }
    var theme = kept('theme');
    if (theme !== 'dark' && theme !== 'light') {
        theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
    }
    root.dataset.theme = theme;
    if (kept('contrast') === 'more' || (!kept('contrast') && matchMedia('(prefers-contrast: more)').matches)) {
        root.dataset.contrast = 'more';
    }
    var boot = { socket: null, heard: [] };
    try {
        boot.socket = new WebSocket(new URL('ws', document.baseURI).href.replace(/^http/, 'ws'));
        boot.socket.binaryType = 'arraybuffer';
        boot.socket.onmessage = function (e) { boot.heard.push(e.data); };
    } catch (e) { /* the page tries again by itself */ }
    window.__masarBoot = boot;
})();
