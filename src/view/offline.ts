/**
 * The service worker: after the first visit the site works without a network.
 *
 * The build puts in the list of files and a version made from their names, which hold hashes of their contents.
 */
interface WorkerScope {
  readonly caches: CacheStorage;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void;
}
interface LifeEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends LifeEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = self as unknown as WorkerScope;
const STORE = 'rootwalk-__VERSION__';
const FILES: readonly string[] = '__FILES__' as unknown as readonly string[];

worker.addEventListener('install', (event) => {
  event.waitUntil(worker.caches.open(STORE).then((store) => store.addAll(['./', ...FILES])));
});

worker.addEventListener('activate', (event) => {
  const old = worker.caches.keys().then((names) => names.filter((name) => name.startsWith('rootwalk-') && name !== STORE));
  event.waitUntil(
    old.then((names) => Promise.all(names.map((name) => worker.caches.delete(name)))).then(() => worker.clients.claim()),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== location.origin) return;
  event.respondWith(request.mode === 'navigate' ? freshest(request) : kept(request));
});

/** The page itself: from the network when there is one, so that a new version is seen. */
const freshest = (request: Request): Promise<Response> => fetch(request).catch(() => kept(request));

/** Everything else has its content in its name, so the kept copy is as good as a new one, whatever a host says it varies by. */
const kept = async (request: Request): Promise<Response> =>
  (await worker.caches.match(request, { ignoreSearch: true, ignoreVary: true })) ??
  (request.mode === 'navigate' ? await worker.caches.match('./') : undefined) ??
  fetch(request);
