/**
 * The life of a container: create, start, exit, restart, pause, stop, remove, and recovery when the daemon starts.
 */
package dev.wherry.daemon.container.lifecycle;
