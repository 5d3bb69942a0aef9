/**
 * Execs: additional processes in a running container. Each has a conmon of its own, outlives the daemon, and is found
 * again by its folder.
 */
package dev.wherry.daemon.container.exec;
