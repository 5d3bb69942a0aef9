/**
 * Starts conmon, which supervises the processes of a container and outlives the daemon.
 */
package dev.wherry.daemon.runtime.conmon;
