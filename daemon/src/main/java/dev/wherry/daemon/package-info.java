/**
 * The daemon as a process: its command line, its claim on roots and socket, and what starts and stops it. Uses every
 * package; nothing uses it.
 */
package dev.wherry.daemon;
