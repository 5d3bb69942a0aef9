/**
 * Start and end of the process: the command line ({@link dev.wherry.daemon.boot.Main}), the lock on root and
 * socket, the beans that hold the configuration, recovery of the stores, reload on SIGHUP and drain on SIGTERM.
 * Nothing imports this package.
 */
package dev.wherry.daemon.boot;
