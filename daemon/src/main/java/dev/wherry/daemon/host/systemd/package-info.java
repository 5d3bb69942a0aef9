/**
 * Requests to systemd where it is process 1: to make a scope for processes, to move a process into one, and whether the
 * host shuts down. They go straight to systemd's own socket, by the D-Bus protocol, without a bus daemon and without a
 * program in between: a request takes a fraction of a millisecond.
 */
package dev.wherry.daemon.host.systemd;
