/**
 * Execs: additional processes in a running container.
 */
package dev.wherry.daemon.container.exec;
