// How long to wait after a file watcher's event before reading the file. Knows nothing of what is read.

/**
 * Milliseconds. Watchers (chokidar, Vite's too) report a file at most every 50 ms and swallow what comes sooner: a formatter's rewrite after a
 * save, the text after the emptying of a file. Whoever reads later than that has seen it all.
 */
export const SETTLING = 60;
