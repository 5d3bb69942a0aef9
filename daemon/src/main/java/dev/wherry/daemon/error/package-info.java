/**
 * The errors of the daemon: one closed hierarchy, whose messages are sentences for the user. Every package may throw
 * them; {@code rpc} alone turns them into gRPC status. Uses nothing of ours.
 */
package dev.wherry.daemon.error;
