/**
 * The daemon's host: the programs that the daemon runs, the kernel, and the machine. Reads only.
 */
package dev.wherry.daemon.host;
