/**
 * Starts conmon, which supervises the processes of a container and outlives the daemon, in scopes of systemd apart from the
 * daemon's own service.
 */
package dev.wherry.daemon.runtime.conmon;
